using System.Diagnostics;
using System.Globalization;
using System.Text;
using TicketAspire.Contracts;

namespace TicketAspire.Benchmarks.Loop;

/// <summary>A host that is killed again and again loses no acknowledged feedback, and its champion answers in every life.</summary>
internal static class Crashes
{
    private const int Seed = 1;
    private const string Classifier = "crashes";
    private const int Examples = 300;
    private const int WordsOfLabel = 40;
    private const double EarliestSeconds = 0.05;
    private const double LatestSeconds = 2.5;

    private static readonly string[] Labels = ["access", "hardware", "storage"];

    private static readonly string[] Settings =
    [
        "--Retraining:StarterData=false",
        "--Retraining:After=10",
        // Short, since lives are: a run whose retrainer was killed is another's after this.
        "--Retraining:Lease=00:00:01",
        "--Retraining:RetryAfter=00:00:00.2",
    ];

    private static readonly TimeSpan Hurry = TimeSpan.FromSeconds(EarliestSeconds);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static Task<int> RunAsync(int kills) => Proof.RunAsync(async (proof, cancellation) =>
    {
        var texts = new InventedTexts(Seed);
        var words = Labels.ToDictionary(label => label, _ => Enumerable.Range(0, WordsOfLabel).Select(_ => texts.Word()).ToArray());
        using var data = new DataFolder();
        await using (var host = await HostProcess.StartAsync(data, Settings, cancellation))
        {
            using var client = new HostClient(host, Classifier);
            await client.ImportAsync(Csv(Enumerable.Range(0, Examples).Select(Invent)), cancellation);
            await host.KillAsync();
        }

        var random = new Random(Seed);
        var stream = new FeedbackStream(random, number => Invent(Examples + number));
        var lives = new Lives();
        for (var kill = 1; kill <= kills; kill++)
        {
            await LiveAsync(data, stream, lives, random, cancellation);
            Console.Error.Write($"\r{kill} kills, {stream.Acknowledged.Count} acknowledged ");
        }

        Console.Error.WriteLine();
        await ConcludeAsync(proof, data, stream, lives, cancellation);

        // The number makes each text the only one of its kind.
        Example Invent(int number)
        {
            var label = Labels[number % Labels.Length];
            return new Example($"{texts.TextOf(words[label])} {number}", label);
        }
    });

    // One life: it starts, serves, takes feedback, and is killed.
    private static async Task LiveAsync(
        DataFolder data, FeedbackStream stream, Lives lives, Random random, CancellationToken cancellation)
    {
        await using var host = await HostProcess.StartAsync(data, Settings, cancellation);
        using var client = new HostClient(host, Classifier);
        await client.AliveAsync(cancellation);
        var afterAcknowledgement = random.Next(2) == 0;
        var wait = TimeSpan.FromSeconds(EarliestSeconds + (random.NextDouble() * (LatestSeconds - EarliestSeconds)));
        var acknowledgement = stream.Acknowledgement;
        var sending = stream.SendAsync(client, cancellation);
        await lives.CheckAsync(host, client, cancellation);
        if (afterAcknowledgement)
        {
            await acknowledgement.WaitAsync(Limit, cancellation);
        }

        await Task.Delay(wait - Hurry, cancellation);
        stream.Hurrying = true;
        await Task.Delay(Hurry, cancellation);
        await host.KillAsync();
        await sending;
        lives.Ended(host.Output);
    }

    private static async Task ConcludeAsync(
        Proof proof, DataFolder data, FeedbackStream stream, Lives lives, CancellationToken cancellation)
    {
        var kills = lives.Count;
        await using var host = await HostProcess.StartAsync(data, Settings, cancellation);
        using var client = new HostClient(host, Classifier);
        await lives.CheckAsync(host, client, cancellation);
        var trained = await TrainedInAsync(client, cancellation);
        var runs = await client.RunsAsync(cancellation);
        var found = new Dictionary<string, List<long>>();
        await foreach (var entry in client.FeedbackAsync(cancellation))
        {
            (found.TryGetValue(entry.Text, out var ids) ? ids : found[entry.Text] = []).Add(entry.Id);
        }

        lives.Ended(host.Output);
        var lost = stream.Acknowledged.Count(sent => !found.TryGetValue(sent.Key, out var ids) || !ids.Contains(sent.Value));
        var twice = found.Count(entry => entry.Value.Count > 1);
        var silently = found.Count(entry => stream.Sent.Contains(entry.Key) && !stream.Acknowledged.ContainsKey(entry.Key));
        var strange = found.Count(entry => !stream.Sent.Contains(entry.Key));
        var open = runs.Count(run => run.EndedAt is null);
        var ready = new Percentiles(lives.SecondsUntilReady);

        Console.WriteLine();
        Console.WriteLine("| kills | acknowledged | unanswered (sent again) | refused | found (of them unanswered) | lost | double | restart until ready, median (longest) | the last 200 runs |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {kills} | {stream.Acknowledged.Count:N0} | {stream.Unanswered} ({stream.Repeated}) | {stream.Refused} | {found.Values.Sum(ids => ids.Count):N0} ({silently}) | {lost} | {twice} | {ready.Median:F2} s ({ready.Max:F2}) | {States(runs)} |"));
        lives.PrintComplaints();

        proof.Promise("all acknowledged feedback is there", $"{lost} lost", lost == 0);
        proof.Promise("none is there twice, and none that was not sent", $"{twice} double, {strange} not sent", twice == 0 && strange == 0);
        proof.Promise("a living host refuses none", $"{stream.Refused} refused", stream.Refused == 0);
        proof.Promise(
            "in every life the champion answers as soon as the service is ready, and never an older one than before",
            lives.Problem ?? $"{lives.Count} lives",
            lives.Problem is null);
        proof.Promise(
            $"after the last start all feedback is trained in within {Limit.TotalSeconds:F0} s and no run stays open",
            $"{trained}; {open} open",
            trained.StartsWith("after", StringComparison.Ordinal) && open == 0);
    }

    private static async Task<string> TrainedInAsync(HostClient client, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            var summary = await client.QuietAsync(Limit, cancellation);
            return string.Create(
                CultureInfo.InvariantCulture,
                $"after {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s, {summary.Unseen} unseen");
        }
        catch (TimeoutException exception)
        {
            return exception.Message;
        }
    }

    private static string States(IReadOnlyList<RetrainingRun> runs) =>
        string.Join(", ", runs.GroupBy(run => run.State).OrderBy(group => group.Key).Select(group => $"{group.Count()} {group.Key.ToString().ToLowerInvariant()}"));

    private static MemoryStream Csv(IEnumerable<Example> examples) =>
        new(Encoding.UTF8.GetBytes("text,label\n" + string.Join('\n', examples.Select(example => $"{example.Text},{example.Label}"))));
}
