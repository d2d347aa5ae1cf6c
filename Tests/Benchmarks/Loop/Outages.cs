using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace TicketAspire.Benchmarks.Loop;

/// <summary>
/// Elasticsearch is away in every way there is, under load: predictions keep their times, nothing grows without bound, and
/// every ticket is delivered afterwards or counted as dropped.
/// </summary>
internal static partial class Outages
{
    private const int Connections = 16;
    private const int RoundsByDefault = 7;
    private const int RateByDefault = 300;
    private const int Texts = 200;
    private const int Flood = 12_000;
    private const int FloodBatch = 256;
    private const double MostRatio = 1.2;
    // TicketWriting.MostBytes, and as much again for what is being sent and for room that is kept.
    private const long MostBuffered = 2 * (64L << 20);
    // Counters, connections, rollups of the minutes that passed.
    private const long MostLeft = 16L << 20;
    private const string Log = "ticket-log";
    private const string Baseline = "well";
    private const string BaselineOfFlood = "well, after as many at once";

    private static readonly TimeSpan Length = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan LeastBack = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MostBack = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    public static Task<int> RunAsync(string[] options) => Proof.RunAsync(async (proof, cancellation) =>
    {
        var (rounds, rate) = Read(options);
        var measured = new Measured(file: null);
        using var data = new DataFolder();
        await using var standIn = await LogStandIn.StartAsync(cancellation);
        // However good the model is; and what was dropped is to be known soon.
        string[] settings = [measured.Setting, "--Retraining:Level=quick", "--Retraining:After=1000000", "--Operations:FlushEvery=00:00:01", $"--ConnectionStrings:elasticsearch={standIn.Address}"];
        await using (var training = await HostProcess.StartAsync(data, settings, cancellation))
        {
            using var trainer = new HostClient(training, measured.Name);
            await measured.ServingAsync(trainer, cancellation);
        }

        // Another process, which has not trained.
        await using var host = await HostProcess.StartAsync(data, settings, cancellation);
        using var client = new HostClient(host, measured.Name);
        await client.ReadyAsync(cancellation);
        string[] texts = [.. measured.Examples().Select(example => example.Text).Distinct(StringComparer.Ordinal).Take(Texts)];
        using var load = new SteadyLoad(
            client.Record, texts, (result, _, success, answer) => result.TakeRecorded(success, answer), Connections, rate);
        Console.WriteLine($"{rate:N0} predictions a second through the Api over {Connections} connections, each with a commit of the SQLite file; {rounds} rounds. Api, Inference, client and stand-in share the machine's cores.");

        var run = new Run(host, client, standIn, load, texts);
        for (var round = 1; round <= rounds; round++)
        {
            Console.Error.WriteLine($"round {round} of {rounds} …");
            await run.RoundAsync(cancellation);
        }

        Print(run);
        Conclude(proof, run);
    });

    private static (int Rounds, int Rate) Read(string[] options)
    {
        var (rounds, rate) = (RoundsByDefault, RateByDefault);
        for (var i = 0; i + 1 < options.Length; i += 2)
        {
            var value = int.Parse(options[i + 1], CultureInfo.InvariantCulture);
            (rounds, rate) = options[i] switch
            {
                "--rounds" => (value, rate),
                "--rate" => (rounds, value),
                _ => throw new HostException($"There is no option {options[i]}: --rounds, --rate"),
            };
        }

        return (rounds, rate);
    }

    private static void Print(Run run)
    {
        Console.WriteLine();
        Console.WriteLine("| Elasticsearch | requests | failed | p50 | p99 | longest | p99 of each round | median | to that beside it | waiting, at most | dropped | cores used by the host | resident, at most |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var kind in run.Phases.GroupBy(phase => phase.Name))
        {
            var times = Times(kind);
            var rounds = string.Join(", ", kind.Select(phase => phase.P99.ToString("F1", CultureInfo.InvariantCulture)));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {kind.Key} | {times.Count:N0} | {kind.Sum(phase => phase.Load.Failures)} | {times.Median:F2} ms | {times.At(0.99):F2} ms | {times.Max:F1} ms | {rounds} ms | {TypicalP99(kind):F2} ms | {(IsBaseline(kind.Key) ? 1 : Ratio(kind)):F2} | {kind.Max(phase => phase.Waiting):N0} | {kind.Sum(phase => phase.Dropped):N0} | {kind.Average(phase => phase.HostCores):F2} | {Megabytes(kind.Max(phase => phase.Resident))} |"));
        }
    }

    private static void Conclude(Proof proof, Run run)
    {
        var all = LoadResult.Sum(run.Phases.Select(phase => phase.Load));
        proof.Promise(
            $"every one of {all.Times.Count:N0} predictions is answered, and recorded",
            all.Failures == 0 ? "all" : $"{all.Failures} are not: {all.Problem}",
            all.Failures == 0);

        foreach (var kind in Kinds(run))
        {
            var ratio = Ratio(kind);
            proof.Promise(
                string.Create(CultureInfo.InvariantCulture, $"{kind.Key}: p99 of the median round at most {MostRatio:F1} times that beside it"),
                string.Create(CultureInfo.InvariantCulture, $"{ratio:F2}"),
                ratio <= MostRatio);
        }

        proof.Promise(
            "every ticket is delivered, or counted as dropped",
            $"{run.Delivered:N0} + {run.Dropped:N0} of {run.Sent:N0}",
            run.Delivered + run.Dropped == run.Sent);
        proof.Promise("the buffer was full, so that some were dropped", $"{run.Dropped:N0}", run.Dropped > 0);
        var (buffered, left) = (run.FullHeaps.Max() - run.Heaps[0], run.Heaps[^1] - run.Heaps[0]);
        proof.Promise($"live objects with a full buffer: at most {Megabytes(MostBuffered)} more", Megabytes(buffered), buffered <= MostBuffered);
        proof.Promise($"live objects after the last round: at most {Megabytes(MostLeft)} more than before the first", Megabytes(left), left <= MostLeft);
    }

    private static Percentiles Times(IEnumerable<Phase> phases) => new(phases.SelectMany(phase => phase.Load.Times).Select(time => time.Milliseconds));

    private static IEnumerable<IGrouping<string, Phase>> Kinds(Run run) =>
        run.Phases.Where(phase => !IsBaseline(phase.Name)).GroupBy(phase => phase.Name);

    private static bool IsBaseline(string name) => name is Baseline or BaselineOfFlood;

    // A neighbour on the machine puts pauses into this round or that, also where all is well; what the service itself costs is
    // in most of them.
    private static double Ratio(IEnumerable<Phase> kind) => TypicalP99(kind) / TypicalP99(kind.SelectMany(phase => phase.Beside).Distinct());

    private static double TypicalP99(IEnumerable<Phase> phases) => new Percentiles(phases.Select(phase => phase.P99)).Median;

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:F1} MB");

    /// <summary>The rounds, and what came of them.</summary>
    private sealed class Run(HostProcess host, HostClient client, LogStandIn standIn, SteadyLoad load, string[] texts)
    {
        private int _rounds;

        public List<Phase> Phases { get; } = [];

        /// <summary>Live managed bytes before the first round and after each.</summary>
        public List<long> Heaps { get; } = [];

        /// <summary>Live managed bytes with a full buffer, in each round.</summary>
        public List<long> FullHeaps { get; } = [];

        public long Sent { get; private set; }

        public long Delivered { get; private set; }

        public long Dropped { get; private set; }

        public async Task RoundAsync(CancellationToken cancellation)
        {
            if (Heaps.Count == 0)
            {
                Sent += (await LoadAsync(WarmUp, cancellation)).Recorded;
                await SettleAsync(cancellation);
                Heaps.Add(await ManagedHeap.CollectAsync(host, cancellation));
            }

            // What so many at once leave to the database and to the collector is not the outage's: they come in both.
            var flooded = await FloodAsync(BaselineOfFlood, cancellation);
            await SettleAsync(cancellation);
            var last = await PhaseAsync(Baseline, Length, cancellation);
            (string, Func<CancellationToken, Task>)[] kinds =
            [
                ("down", standIn.BeDownAsync), ("slow", standIn.BeSlowAsync), ("hanging", standIn.HangAsync), ("429", standIn.BeBusyAsync),
            ];
            // Each round begins with another, so that none owes its times to what comes before it.
            var first = _rounds++ % kinds.Length;
            foreach (var (name, begin) in kinds[first..].Concat(kinds[..first]))
            {
                await begin(cancellation);
                List<Phase> away = [await PhaseAsync(name, Length, cancellation)];
                if (name == "down")
                {
                    away.Add(await FloodAsync("down, buffer full", cancellation));
                    away[^1].Beside = [flooded];
                    FullHeaps.Add(await ManagedHeap.CollectAsync(host, cancellation));
                }

                await standIn.BeWellAsync(cancellation);
                away.Add(await BackAsync(cancellation));
                var next = await PhaseAsync(Baseline, Length, cancellation);
                away.Where(phase => phase.Beside.Count == 0).ToList().ForEach(phase => phase.Beside = [last, next]);
                last = next;
            }

            await SettleAsync(cancellation);
            Heaps.Add(await ManagedHeap.CollectAsync(host, cancellation));
        }

        private async Task<Phase> FloodAsync(string name, CancellationToken cancellation)
        {
            foreach (var some in Enumerable.Range(0, Flood).Select(i => texts[i % texts.Length]).Chunk(FloodBatch))
            {
                Sent += await client.RecordAsync(some, cancellation);
            }

            Sent += (await LoadAsync(Length, cancellation)).Recorded;
            return await PhaseAsync(name, Length, cancellation);
        }

        private async Task<Phase> PhaseAsync(string name, TimeSpan length, CancellationToken cancellation)
        {
            var (start, cpu) = (Stopwatch.GetTimestamp(), host.ProcessorTime);
            var result = await LoadAsync(length, cancellation);
            return await EndAsync(name, start, cpu, result, cancellation);
        }

        // Under load until everything that waited is there.
        private async Task<Phase> BackAsync(CancellationToken cancellation)
        {
            var (start, cpu) = (Stopwatch.GetTimestamp(), host.ProcessorTime);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var loading = load.RunAsync(stop.Token);
            do
            {
                await Task.Delay(LookEvery, cancellation);
            }
            while (Stopwatch.GetElapsedTime(start) < LeastBack
                || (Stopwatch.GetElapsedTime(start) < MostBack && (await client.ReasonsAsync(cancellation)).ContainsKey("elasticsearch")));

            await stop.CancelAsync();
            var phase = await EndAsync("back", start, cpu, await loading, cancellation);
            await SettleAsync(cancellation);
            phase.Dropped = Dropped - Phases.Sum(other => other.Dropped);
            return phase;
        }

        private async Task<Phase> EndAsync(string name, long start, TimeSpan cpu, LoadResult result, CancellationToken cancellation)
        {
            var cores = (host.ProcessorTime - cpu) / Stopwatch.GetElapsedTime(start);
            Sent += result.Recorded;
            var (waiting, dropped) = await BufferedAsync(cancellation);
            var phase = new Phase(name, result, waiting, cores, host.ResidentBytes) { Dropped = Math.Max(0, dropped - Phases.Sum(phase => phase.Dropped)) };
            Phases.Add(phase);
            return phase;
        }

        // The health says it only while something is wrong.
        private async Task<(int Waiting, long Dropped)> BufferedAsync(CancellationToken cancellation)
        {
            var reasons = await client.ReasonsAsync(cancellation);
            return reasons.TryGetValue("elasticsearch", out var reason) && BufferedPattern().Match(reason) is { Success: true } match
                ? (Number("waiting"), Number("dropped"))
                : (0, 0);

            int Number(string group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
        }

        private async Task<LoadResult> LoadAsync(TimeSpan length, CancellationToken cancellation)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var loading = load.RunAsync(stop.Token);
            await Task.Delay(length, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await stop.CancelAsync();
            var result = await loading;
            cancellation.ThrowIfCancellationRequested();
            return result;
        }

        // Until every ticket is accounted for, or no more is to be expected.
        private async Task SettleAsync(CancellationToken cancellation)
        {
            var start = Stopwatch.GetTimestamp();
            do
            {
                Delivered = await standIn.CountAsync(cancellation);
                Dropped = await client.DroppedAsync(Log, cancellation);
                if (Delivered + Dropped == Sent)
                {
                    return;
                }

                await Task.Delay(LookEvery, cancellation);
            }
            while (Stopwatch.GetElapsedTime(start) < MostBack);
        }
    }

    /// <summary>One stretch of the load.</summary>
    /// <param name="Name">How Elasticsearch was.</param>
    /// <param name="Load">What came of the requests.</param>
    /// <param name="Waiting">Tickets in the buffer at the end.</param>
    /// <param name="HostCores">Cores that the host used on average.</param>
    /// <param name="Resident">The host's resident memory at the end, in bytes.</param>
    private sealed record Phase(string Name, LoadResult Load, int Waiting, double HostCores, long Resident)
    {
        /// <summary>Tickets that were dropped in it, or just before it.</summary>
        public long Dropped { get; set; }

        /// <summary>The phases before and after the outage, in which all was well; with a full buffer, the one after as many tickets.</summary>
        public IReadOnlyList<Phase> Beside { get; set; } = [];

        /// <summary>In milliseconds.</summary>
        public double P99 => Times([this]).At(0.99);
    }

    [GeneratedRegex("(?<waiting>[0-9]+) tickets and labels wait, (?<dropped>[0-9]+) were dropped", RegexOptions.ExplicitCapture)]
    private static partial Regex BufferedPattern();
}
