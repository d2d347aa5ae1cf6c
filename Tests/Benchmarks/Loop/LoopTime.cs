using System.Diagnostics;
using System.Globalization;
using TicketAspire.Contracts;

namespace TicketAspire.Benchmarks.Loop;

/// <summary>How long it takes from the tenth correction to the new champion answering.</summary>
internal static class LoopTime
{
    private const int Rounds = 3;
    private const int Corrections = 10;
    private const int LearnedAtLeast = 9;
    private const double MostSecondsOfFile = 8;
    private const double MostSecondsOfStarterData = 2;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(10);

    public static Task<int> RunAsync(string? file) => Proof.RunAsync(async (proof, cancellation) =>
    {
        var measured = new Measured(file);
        using var data = new DataFolder();
        await using var host = await HostProcess.StartAsync(data, [measured.Setting, $"--Retraining:After={Corrections}"], cancellation);
        using var client = new HostClient(host, measured.Name);
        var summary = await measured.ServingAsync(client, cancellation);

        Console.WriteLine($"{measured.Title}: {summary.Dataset.Examples:N0} examples, {summary.Labels.Count} labels; first models {host.Age.TotalSeconds:F1} s after the start");
        Console.WriteLine();
        Console.WriteLine("Seconds since the tenth correction was sent, as heard on GET /events (a run reports every 200 ms):");
        Console.WriteLine("| round | new champion answers | queued | started | features | training | calibrating | evaluating | deciding | publishing | ended | outcome | version | of 10 right | sure |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        var rounds = new List<Round>();
        for (var number = 1; number <= Rounds; number++)
        {
            var round = await MeasureAsync(host, client, summary.Labels, new InventedTexts(number), cancellation);
            rounds.Add(round);
            Print(number, round);
            await client.QuietAsync(Limit, cancellation);
        }

        foreach (var (round, i) in rounds.Select((round, i) => (round, i)))
        {
            Console.WriteLine($"Round {i + 1}, run {round.Timeline.Run.Id}: {round.Timeline.Run.State}. {round.Timeline.Run.Reason}");
        }

        Conclude(proof, rounds, file is null ? MostSecondsOfStarterData : MostSecondsOfFile);
    });

    private static async Task<Round> MeasureAsync(
        HostProcess host, HostClient client, IReadOnlyList<string> labels, InventedTexts texts, CancellationToken cancellation)
    {
        var corrections = new List<FeedbackRequest>();
        var present = 0;
        for (var i = 0; i < Corrections; i++)
        {
            var text = texts.Text();
            var answer = await client.PredictAsync(text, cancellation);
            present = answer.Model;
            // A correction, not a confirmation: another label than the answer's, and each as often as the next.
            var others = labels.Where(label => label != answer.Prediction).ToArray();
            corrections.Add(new FeedbackRequest { Text = text, Prediction = answer.Prediction, TrueLabel = others[i % others.Length], Who = "loop" });
        }

        foreach (var correction in corrections.SkipLast(1))
        {
            await client.CorrectAsync(correction, key: null, cancellation);
        }

        using var events = await HeardEvents.ListenAsync(host, cancellation);
        var sent = Stopwatch.GetTimestamp();
        var listening = RunTimeline.ListenAsync(events, client.Classifier, sent, cancellation);
        var tenth = await client.CorrectAsync(corrections[^1], key: null, cancellation);
        if (tenth.Unseen != Corrections)
        {
            throw new HostException($"The tenth correction was acknowledged as the {tenth.Unseen}th.");
        }

        var answering = await AnsweringAsync(client, corrections[^1].Text!, present, sent, listening, cancellation);
        var timeline = await listening;
        var right = 0;
        var sure = 0.0;
        foreach (var correction in corrections)
        {
            var answer = await client.PredictAsync(correction.Text!, cancellation);
            right += answer.Prediction == correction.TrueLabel ? 1 : 0;
            sure += answer.Confidence / Corrections;
        }

        return new Round(answering, timeline, right, sure);
    }

    // Seconds until another version answers; null if the run ended without one.
    private static async Task<double?> AnsweringAsync(
        HostClient client, string text, int present, long sent, Task<RunTimeline> run, CancellationToken cancellation)
    {
        while (Stopwatch.GetElapsedTime(sent) < Limit)
        {
            if ((await client.PredictAsync(text, cancellation)).Model != present)
            {
                return Stopwatch.GetElapsedTime(sent).TotalSeconds;
            }

            if (run.IsCompleted && (await run).Run.State != RunState.Promoted)
            {
                return null;
            }

            await Task.Delay(LookEvery, cancellation);
        }

        throw new TimeoutException($"No new version answers within {Limit.TotalSeconds:F0} s.");
    }

    private static void Print(int number, Round round)
    {
        var (timeline, run) = (round.Timeline, round.Timeline.Run);
        var stages = new[] { RunStage.Features, RunStage.Training, RunStage.Calibrating, RunStage.Evaluating, RunStage.Deciding, RunStage.Publishing }
            .Select(stage => Seconds(timeline.Stages.TryGetValue(stage, out var seconds) ? seconds : null));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {number} | {Seconds(round.Answering)} | {Seconds(timeline.Queued)} | {Seconds(timeline.Started)} | {string.Join(" | ", stages)} | {Seconds(timeline.Ended)} | {run.State} | {run.Model} | {round.Right} | {round.Sure:F2} |"));
    }

    private static void Conclude(Proof proof, List<Round> rounds, double most)
    {
        // A run without a new champion never answers.
        var median = new Percentiles(rounds.Select(round => round.Answering ?? double.PositiveInfinity)).Median;
        proof.Promise(
            $"from the tenth correction to the new champion answering at most {most:F0} s (median of {Rounds})",
            string.Create(CultureInfo.InvariantCulture, $"{median:F2} s"),
            median <= most);
        var promoted = rounds.Where(round => round.Timeline.Run.State == RunState.Promoted).ToArray();
        proof.Promise(
            $"a promoted model has learned at least {LearnedAtLeast} of the {Corrections} corrections",
            promoted.Length == 0 ? "none promoted" : string.Join(", ", promoted.Select(round => round.Right)),
            Array.TrueForAll(promoted, round => round.Right >= LearnedAtLeast));
    }

    private static string Seconds(double? seconds) => seconds?.ToString("F2", CultureInfo.InvariantCulture) ?? "–";

    /// <summary>What one round came to.</summary>
    /// <param name="Answering">Seconds until the new champion answered; null when there was none.</param>
    /// <param name="Timeline">The run.</param>
    /// <param name="Right">How many of the corrected texts are answered rightly afterwards.</param>
    /// <param name="Sure">The mean confidence of these answers.</param>
    private sealed record Round(double? Answering, RunTimeline Timeline, int Right, double Sure);
}
