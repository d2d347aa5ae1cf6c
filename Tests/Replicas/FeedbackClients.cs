using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using TicketAspire.Contracts;
using TicketAspire.Tests.Support;

namespace TicketAspire.Tests.Replicas;

/// <summary>
/// Clients that send feedback as careful ones do: each entry with a key of its own, and again with the same key until it is
/// acknowledged. They stop once all they have begun is acknowledged.
/// </summary>
internal sealed class FeedbackClients
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentDictionary<string, long> _acknowledged = [];
    private readonly ConcurrentQueue<string> _problems = [];
    private readonly string _classifier;
    private readonly HttpClient _api;
    private readonly Task[] _clients;
    private volatile bool _stopping;
    private int _begun;
    private int _refused;

    private FeedbackClients(HttpClient api, string classifier, int clients)
    {
        (_api, _classifier) = (api, classifier);
        _clients = [.. Enumerable.Range(0, clients).Select(_ => SendAsync())];
    }

    /// <summary>The acknowledged texts, with their entries' ids.</summary>
    public IReadOnlyDictionary<string, long> Acknowledged => _acknowledged;

    /// <summary>How often an entry was refused with 503 for the moment.</summary>
    public int Refused => _refused;

    /// <summary>Answers that no client should get.</summary>
    public IReadOnlyCollection<string> Problems => _problems;

    public static FeedbackClients Start(HttpClient api, string classifier, int clients = 8) => new(api, classifier, clients);

    /// <summary>Waits until so many more are acknowledged.</summary>
    public async Task AcknowledgedAsync(int more)
    {
        var enough = _acknowledged.Count + more;
        await Eventually.IsSoAsync(
            $"{more} more acknowledged", _ => Task.FromResult(_acknowledged.Count >= enough), HttpCalls.Cancellation);
    }

    /// <summary>Waits until so many more are refused.</summary>
    public async Task RefusedAsync(int more)
    {
        var enough = _refused + more;
        await Eventually.IsSoAsync($"{more} more refused", _ => Task.FromResult(_refused >= enough), HttpCalls.Cancellation);
    }

    /// <summary>Waits until everything that was begun is acknowledged.</summary>
    public async Task StopAsync()
    {
        _stopping = true;
        await Task.WhenAll(_clients).WaitAsync(Eventually.Limit);
    }

    private async Task SendAsync()
    {
        while (!_stopping)
        {
            var number = Interlocked.Increment(ref _begun);
            var text = string.Create(CultureInfo.InvariantCulture, $"the printer on desk {number} jams");
            while (!await TrySendAsync(text))
            {
                await Task.Delay(Pause, HttpCalls.Cancellation);
            }
        }
    }

    private async Task<bool> TrySendAsync(string text)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"classifiers/{_classifier}/feedback");
        request.Headers.Add("Idempotency-Key", text);
        request.Content = JsonContent.Create(
            new FeedbackRequest { Text = text, TrueLabel = SmallClassifier.Printer }, ContractsJson.Default.FeedbackRequest);
        using var response = await _api.SendAsync(request, HttpCalls.Cancellation);
        if (response.IsSuccessStatusCode)
        {
            _acknowledged[text] = (await response.ReadAsync(ContractsJson.Default.FeedbackResponse)).Id;
            return true;
        }

        if (response.StatusCode == HttpStatusCode.ServiceUnavailable && response.Headers.RetryAfter is not null)
        {
            Interlocked.Increment(ref _refused);
        }
        else
        {
            _problems.Enqueue($"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(HttpCalls.Cancellation)}");
        }

        return false;
    }
}
