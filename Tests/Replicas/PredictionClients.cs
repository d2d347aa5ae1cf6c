using System.Collections.Concurrent;
using TicketAspire.Contracts;
using TicketAspire.Tests.Support;

namespace TicketAspire.Tests.Replicas;

/// <summary>Clients that ask for predictions without a pause, one each service.</summary>
internal sealed class PredictionClients
{
    private readonly ConcurrentQueue<string> _problems = [];
    private readonly string _classifier;
    private readonly Task[] _clients;
    private volatile bool _stopping;
    private int _answered;

    private PredictionClients(string classifier, HttpClient[] services)
    {
        _classifier = classifier;
        _clients = [.. services.Select(AskAsync)];
    }

    /// <summary>Right answers so far.</summary>
    public int Answered => _answered;

    /// <summary>All other answers.</summary>
    public IReadOnlyCollection<string> Problems => _problems;

    /// <summary>Begins to ask these for the classifier's answers.</summary>
    public static PredictionClients Start(string classifier, params HttpClient[] services) => new(classifier, services);

    /// <summary>Waits until so many more are answered.</summary>
    public async Task AnsweredAsync(int more)
    {
        var enough = _answered + more;
        await Eventually.IsSoAsync(
            $"{more} more predictions", _ => Task.FromResult(_answered >= enough || !_problems.IsEmpty), HttpCalls.Cancellation);
    }

    public async Task StopAsync()
    {
        _stopping = true;
        await Task.WhenAll(_clients).WaitAsync(Eventually.Limit);
    }

    private async Task AskAsync(HttpClient service)
    {
        while (!_stopping)
        {
            using var response = await service.PostTextAsync($"classifiers/{_classifier}/predict", SmallClassifier.PrinterText);
            if (!response.IsSuccessStatusCode)
            {
                _problems.Enqueue($"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(HttpCalls.Cancellation)}");
                continue;
            }

            var answer = await response.ReadAsync(ContractsJson.Default.PredictionResponse);
            if (answer.Prediction == SmallClassifier.Printer)
            {
                Interlocked.Increment(ref _answered);
            }
            else
            {
                _problems.Enqueue(answer.Prediction);
            }
        }
    }
}
