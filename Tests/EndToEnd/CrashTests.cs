using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.EndToEnd;

/// <summary>
/// The stand-alone host, killed again and again in the middle of its work. The benchmarks' command <c>crashes</c> does the
/// same for longer.
/// </summary>
public sealed class CrashTests : IDisposable
{
    private const int Kills = 6;
    private const int Senders = 4;
    private const int MostAcknowledged = 60;

    // Enough for a training to be still under way when so many entries have been acknowledged.
    private const int Examples = 1500;

    // Beyond the number of any feedback entry: each text is the only one of its kind.
    private const int FirstExample = 1_000_000;

    private static readonly string[] Settings =
    [
        "--Retraining:StarterData=false",
        // Feedback hardly ever ceases here, and each entry is to be learned.
        "--Retraining:After=1",
        "--Retraining:Quiet=00:00:00",
        // Short, since lives are: a run whose retrainer was killed is another's after this.
        "--Retraining:Lease=00:00:01",
        "--Retraining:RetryAfter=00:00:00.1",
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<int> _unanswered = new();
    private readonly ConcurrentDictionary<int, long> _acknowledged = new();
    private int _next;
    private int _champion;

    private static ContractsJson Json => ContractsJson.Default;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_host_that_is_killed_again_and_again_loses_nothing_it_acknowledged_and_answers_in_every_life()
    {
        var random = new Random(1);
        await ImportAsync();
        for (var kill = 0; kill < Kills; kill++)
        {
            await LiveAsync(random.Next(1, MostAcknowledged), inTraining: kill % 2 == 0);
        }

        await using var host = await StandaloneProcess.StartListeningAsync(_folder.Path, Settings);
        using var api = new HttpClient { BaseAddress = host.Api };
        await ChampionAnswersAsync(host);
        while (!_unanswered.IsEmpty)
        {
            await SendAsync(api);
        }

        await Eventually.IsSoAsync(
            "all is learned",
            async _ => await api.GetAsync("classifiers/tickets", Json.ClassifierSummary) is { Unseen: 0, Run: null },
            HttpCalls.Cancellation);
        (await FeedbackAsync(api)).ShouldBe(_acknowledged.Select(entry => (Entry(entry.Key).Text, entry.Value)), ignoreOrder: true);
        var runs = await api.GetAsync("classifiers/tickets/runs?limit=200", Json.IReadOnlyListRetrainingRun);
        runs.ShouldAllBe(run => run.EndedAt != null && run.State != RunState.Failed);
        runs.ShouldContain(run => run.State == RunState.Interrupted);
    }

    private static Example Entry(int number)
    {
        var example = SmallClassifier.Examples[number % SmallClassifier.Examples.Count];
        return example with { Text = string.Create(CultureInfo.InvariantCulture, $"{example.Text} {number}") };
    }

    private static async Task<IReadOnlyList<(string Text, long Id)>> FeedbackAsync(HttpClient api)
    {
        var all = new List<(string, long)>();
        for (string? next = string.Empty; next is not null;)
        {
            var page = await api.GetAsync(
                $"classifiers/tickets/feedback?limit=200{(next.Length == 0 ? next : "&before=" + next)}", Json.PageFeedbackEntry);
            all.AddRange(page.Items.Select(entry => (entry.Text, entry.Id)));
            next = page.Next;
        }

        return all;
    }

    private static async Task<long> PostAsync(HttpClient api, int number)
    {
        var entry = Entry(number);
        using var request = new HttpRequestMessage(HttpMethod.Post, "classifiers/tickets/feedback");
        request.Content = JsonContent.Create(new FeedbackRequest { Text = entry.Text, TrueLabel = entry.Label }, Json.FeedbackRequest);
        request.Headers.Add("Idempotency-Key", string.Create(CultureInfo.InvariantCulture, $"key-{number}"));
        using var response = await api.SendAsync(request, HttpCalls.Cancellation);
        return (await response.ReadAsync(Json.FeedbackResponse)).Id;
    }

    private async Task ImportAsync()
    {
        await using var host = await StandaloneProcess.StartListeningAsync(_folder.Path, Settings);
        using var api = new HttpClient { BaseAddress = host.Api };
        var csv = SmallClassifier.ToCsv(Enumerable.Range(FirstExample, Examples).Select(Entry));
        using var response = await api.PostAsync("classifiers/tickets/dataset", HttpCalls.Csv(csv), HttpCalls.Cancellation);
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await ChampionAnswersAsync(host);
    }

    // One life: it starts, answers, takes feedback from several at a time, and is killed while what they sent is under way.
    private async Task LiveAsync(int acknowledgements, bool inTraining)
    {
        await using var host = await StandaloneProcess.StartListeningAsync(_folder.Path, Settings);
        using var api = new HttpClient { BaseAddress = host.Api };
        await using var events = await EventListener.OpenAsync(api);
        foreach (var (number, id) in _acknowledged.OrderBy(entry => entry.Value).TakeLast(Senders))
        {
            // Its key is known from the life before.
            (await PostAsync(api, number)).ShouldBe(id);
        }

        await SendAsync(api);
        await ChampionAnswersAsync(host);
        if (inTraining)
        {
            await events.NextAsync(change => change.Run is { State: RunState.Running });
        }

        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var senders = Enumerable.Range(0, Senders).Select(_ => SendUntilDeathAsync(api, Acknowledged)).ToArray();
        await await Task.WhenAny([enough.Task, .. senders]).WaitAsync(Eventually.Limit, HttpCalls.Cancellation);
        await host.KillAsync();
        await Task.WhenAll(senders);

        void Acknowledged()
        {
            if (Interlocked.Decrement(ref acknowledgements) == 0)
            {
                enough.SetResult();
            }
        }
    }

    private async Task SendUntilDeathAsync(HttpClient api, Action acknowledged)
    {
        try
        {
            while (true)
            {
                await SendAsync(api);
                acknowledged();
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            // The host is dead.
        }
    }

    // The next entry; or one that had no answer, again with its key, as a careful client does.
    private async Task SendAsync(HttpClient api)
    {
        if (!_unanswered.TryDequeue(out var number))
        {
            number = Interlocked.Increment(ref _next);
        }

        try
        {
            _acknowledged[number] = await PostAsync(api, number);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            _unanswered.Enqueue(number);
            throw;
        }
    }

    // It never answers with an older model than in a life before.
    private async Task ChampionAnswersAsync(HostProcess host)
    {
        using var inference = new HttpClient { BaseAddress = host.Inference };
        await Eventually.IsSoAsync(
            "a champion is in memory",
            async _ => (await inference.GetAsync("classifiers", Json.IReadOnlyListServedClassifier)).Count == 1,
            HttpCalls.Cancellation);
        var answer = await inference.PostAsync("classifiers/tickets/predict", new { text = SmallClassifier.PrinterText }, Json.PredictionResponse);
        answer.Prediction.ShouldBe(SmallClassifier.Printer);
        answer.Model.ShouldBeGreaterThanOrEqualTo(_champion);
        _champion = answer.Model;
    }
}
