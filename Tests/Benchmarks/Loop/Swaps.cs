using System.Diagnostics;
using System.Globalization;
using TicketAspire.Classifier;
using TicketAspire.Contracts;

namespace TicketAspire.Benchmarks.Loop;

/// <summary>Champions are swapped under load: no answer is lost or of two models, none waits long, and no memory stays behind.</summary>
internal static class Swaps
{
    private const int Connections = 16;
    private const int RequestsPerSecond = 1000;
    private const int Texts = 200;
    private const int SwapsOfPhase = 20;
    private const double MostRatio = 3;
    // What the collector has not given back yet comes and goes by 50 MB, with or without swaps; a leak of a model would be all.
    private const double MostGrowth = 0.5;

    private static readonly TimeSpan SwapEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(6);

    public static Task<int> RunAsync(string? file) => Proof.RunAsync(async (proof, cancellation) =>
    {
        var measured = new Measured(file);
        using var data = new DataFolder();
        // Feedback starts no run by itself: the two versions are made here, and then nothing else is trained.
        string[] settings = [measured.Setting, "--Retraining:After=1000000"];
        var texts = Draw(measured.Examples());
        ClassifierSummary summary;
        int first, second;
        await using (var training = await HostProcess.StartAsync(data, settings, cancellation))
        {
            using var trainer = new HostClient(training, measured.Name);
            summary = await measured.ServingAsync(trainer, cancellation);
            first = summary.Champion!.Version;
            second = await TrainAnotherAsync(trainer, summary.Labels, texts, cancellation);
        }

        // Another process: what a training leaves in memory would hide what swaps leave.
        await using var host = await HostProcess.StartAsync(data, settings, cancellation);
        using var client = new HostClient(host, measured.Name);
        await client.ReadyAsync(cancellation);
        var answers = await RecordedAnswers.AskAsync(client, [.. texts.Select(text => text.Text)], first, second, cancellation);
        var size = await SizeInMemoryAsync(client, second, answers.Texts, cancellation);
        var (labels, anything) = answers.Differences();
        Console.WriteLine($"{measured.Title}: {summary.Dataset.Examples:N0} examples; versions {first} and {second}, of {Megabytes(size)} in memory, answer {answers.Texts.Count} texts, {labels} of them with another label and {anything} with any difference.");
        Console.WriteLine($"{Connections} connections, {RequestsPerSecond:N0} requests a second in all: far below saturation, so that the times are the service's. Client and service share the machine's cores.");

        using var load = new SteadyLoad(client.Predict, answers.Texts, answers.Judge, Connections, RequestsPerSecond);
        var phases = await MeasureAsync(host, client, load, [second, first], cancellation);
        Print(phases);
        Conclude(proof, phases, size);
    });

    private static List<LabelledText> Draw(List<LabelledText> examples)
    {
        var shuffled = examples.DistinctBy(example => example.Text).ToArray();
        new Random(LabelledFile.Seed).Shuffle(shuffled);
        return [.. shuffled.Take(Texts)];
    }

    // Every other text is corrected to a wrong label: the new model must answer much else, whether the gate likes it or not.
    private static async Task<int> TrainAnotherAsync(
        HostClient client, IReadOnlyList<string> labels, List<LabelledText> texts, CancellationToken cancellation)
    {
        foreach (var text in texts.Where((_, i) => i % 2 == 0))
        {
            var wrong = labels[(labels.ToList().IndexOf(text.Label) + 1) % labels.Count];
            await client.CorrectAsync(new FeedbackRequest { Text = text.Text, TrueLabel = wrong }, key: null, cancellation);
        }

        var run = await client.RetrainAsync(cancellation);
        return run.Model ?? throw new HostException($"There is no second version: {run.Reason}");
    }

    // The same code as in the service, in this process: what is left when the collector has been.
    private static async Task<long> SizeInMemoryAsync(
        HostClient client, int version, IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        var bytes = await client.ModelFileAsync(version, cancellation);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var model = ModelFile.Read(bytes);
        foreach (var text in texts)
        {
            model.Predict(text);
        }

        var size = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(model);
        GC.KeepAlive(bytes);
        return size;
    }

    private static async Task<List<Phase>> MeasureAsync(
        HostProcess host, HostClient client, SteadyLoad load, int[] versions, CancellationToken cancellation)
    {
        var length = SwapEvery * SwapsOfPhase;
        var phases = new List<Phase>();
        await RunAsync("warm-up, 4 swaps", swaps: 4, WarmUp);
        await RunAsync("no swaps", swaps: 0, length);
        await RunAsync($"{SwapsOfPhase} swaps", SwapsOfPhase, length);
        await RunAsync($"{SwapsOfPhase} more", SwapsOfPhase, length);
        await RunAsync("no swaps", swaps: 0, length);
        return phases;

        async Task RunAsync(string name, int swaps, TimeSpan time)
        {
            Console.Error.WriteLine($"{name} …");
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var (start, cpu, own) = (Stopwatch.GetTimestamp(), host.ProcessorTime, Environment.CpuUsage.TotalTime);
            var loading = load.RunAsync(stop.Token);
            var swapped = await SwapAsync(client, versions, swaps, cancellation);
            if (time - Stopwatch.GetElapsedTime(start) is { Ticks: > 0 } rest)
            {
                await Task.Delay(rest, cancellation);
            }

            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            await stop.CancelAsync();
            var result = await loading;
            cancellation.ThrowIfCancellationRequested();
            var hostShare = (host.ProcessorTime - cpu).TotalSeconds / seconds;
            var ownShare = (Environment.CpuUsage.TotalTime - own).TotalSeconds / seconds;
            var heap = await ManagedHeap.CollectAsync(host, cancellation);
            phases.Add(new Phase(name, swapped, result, hostShare, ownShare, heap, host.ResidentBytes));
        }
    }

    // Milliseconds from asking for each to its serving.
    private static async Task<List<double>> SwapAsync(HostClient client, int[] versions, int swaps, CancellationToken cancellation)
    {
        var times = new List<double>();
        for (var swap = 0; swap < swaps; swap++)
        {
            var start = Stopwatch.GetTimestamp();
            // The present one is the last of an even number.
            var version = versions[(swap + 1) % versions.Length];
            await client.PromoteAsync(version, cancellation);
            await client.ServesAsync(version, cancellation);
            var took = Stopwatch.GetElapsedTime(start);
            times.Add(took.TotalMilliseconds);
            if (SwapEvery > took)
            {
                await Task.Delay(SwapEvery - took, cancellation);
            }
        }

        return times;
    }

    private static void Print(List<Phase> phases)
    {
        Console.WriteLine();
        Console.WriteLine("| phase | requests | failures | mixtures | of each version | p50 | p99 | p99.9 | longest | swap, median (longest) | cores used by the service | by the client | live objects | resident |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var phase in phases)
        {
            var (times, swaps) = (Times([phase.Load]), new Percentiles(phase.Swaps));
            var swap = phase.Swaps.Count == 0 ? "–" : string.Create(CultureInfo.InvariantCulture, $"{swaps.Median:F0} ms ({swaps.Max:F0})");
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {phase.Name} | {phase.Load.Times.Count:N0} | {phase.Load.Failures} | {phase.Load.Mixtures} | {phase.Load.First:N0}, {phase.Load.Second:N0} | {times.Median:F2} ms | {times.At(0.99):F2} ms | {times.At(0.999):F2} ms | {times.Max:F1} ms | {swap} | {phase.HostCores:F2} | {phase.OwnCores:F2} | {Megabytes(phase.Heap)} | {Megabytes(phase.Resident)} |"));
        }
    }

    private static void Conclude(Proof proof, List<Phase> phases, long size)
    {
        var all = LoadResult.Sum(phases.Select(phase => phase.Load));
        proof.Promise($"every one of {all.Times.Count:N0} answers has status 200", all.Failures == 0 ? "all" : $"{all.Failures} have not: {all.Problem}", all.Failures == 0);
        proof.Promise("every answer is one version's, byte for byte", all.Mixtures == 0 ? "all" : $"{all.Mixtures} are not: {all.Problem}", all.Mixtures == 0);

        // The warm-up counts for answers, not for times.
        var with = phases.Skip(1).Where(phase => phase.Swaps.Count > 0).Select(phase => phase.Load).ToArray();
        var without = phases.Skip(1).Where(phase => phase.Swaps.Count == 0).Select(phase => phase.Load).ToArray();
        // Every second of a phase with swaps has its swaps.
        var (swapP99, quietP99) = (LoadResult.TypicalP99(with), LoadResult.TypicalP99(without));
        proof.Promise(
            string.Create(CultureInfo.InvariantCulture, $"p99 of a second with a swap every {SwapEvery.TotalMilliseconds:F0} ms is at most {MostRatio:F0} times that of one without (medians of the seconds)"),
            string.Create(CultureInfo.InvariantCulture, $"{swapP99:F2} ms / {quietP99:F2} ms = {swapP99 / quietP99:F2}; of all requests p50 {Ratio(0.5):F2}, p99 {Ratio(0.99):F2}, p99.9 {Ratio(0.999):F2}"),
            swapP99 <= MostRatio * quietP99);

        var swapping = phases.Skip(1).Where(phase => phase.Swaps.Count > 0).ToArray();
        var left = swapping[1].Heap - swapping[0].Heap;
        proof.Promise($"{SwapsOfPhase} swaps after the first {SwapsOfPhase} leave less than one model in live objects", $"{Megabytes(left)} of {Megabytes(size)}", left < size);
        var growth = swapping[1].Resident - swapping[0].Resident;
        var limit = (long)(MostGrowth * SwapsOfPhase * size);
        proof.Promise(
            $"{SwapsOfPhase} swaps after the first {SwapsOfPhase} leave less than half of {SwapsOfPhase} models in resident memory",
            $"{Megabytes(growth)} of {Megabytes(limit)}",
            growth < limit);

        double Ratio(double share) => Times(with).At(share) / Times(without).At(share);
    }

    private static Percentiles Times(IEnumerable<LoadResult> results) => new(results.SelectMany(result => result.Times).Select(time => time.Milliseconds));

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:F1} MB");

    /// <summary>One stretch of the load.</summary>
    /// <param name="Name">What happens in it.</param>
    /// <param name="Swaps">Milliseconds that each swap took.</param>
    /// <param name="Load">What came of the requests.</param>
    /// <param name="HostCores">Cores that the host used on average, over all of its services.</param>
    /// <param name="OwnCores">Cores that this process used on average.</param>
    /// <param name="Heap">The host's live managed objects after the end, in bytes.</param>
    /// <param name="Resident">The host's resident memory then, in bytes.</param>
    private sealed record Phase(
        string Name,
        IReadOnlyList<double> Swaps,
        LoadResult Load,
        double HostCores,
        double OwnCores,
        long Heap,
        long Resident);
}
