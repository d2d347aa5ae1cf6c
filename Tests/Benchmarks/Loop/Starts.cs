using System.Diagnostics;
using TicketAspire.Tests.Support;

namespace TicketAspire.Benchmarks.Loop;

/// <summary>How long the two hosts take to start and to stop, and what all their processes hold in memory.</summary>
internal static class Starts
{
    private const double Megabyte = 1024 * 1024;

    /// <summary>What has just been trained or loaded has been used once by then.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);

    public static Task<int> RunAsync(int rounds) => Proof.RunAsync(async (proof, cancellation) =>
    {
        Console.WriteLine($"Seconds, medians of {rounds} rounds in turns, {Environment.ProcessorCount} processors. First: nothing trained yet; next: on what the first has left.");
        Console.WriteLine("| | first: listens | first: ready | next: listens | next: ready | ends | processes | memory, MB (PSS) |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        HostProgram[] programs = [HostProgram.AppHost, HostProgram.Standalone];
        var rows = programs.ToDictionary(program => program, _ => new List<double[]>());
        var left = new Dictionary<HostProgram, int>();
        for (var round = 0; round < rounds; round++)
        {
            foreach (var program in programs)
            {
                rows[program].Add(await MeasureAsync(program, left, cancellation));
            }
        }

        foreach (var program in programs)
        {
            var columns = Enumerable.Range(0, rows[program][0].Length).Select(column => Median(rows[program].Select(row => row[column])));
            Console.WriteLine($"| {program.Name} | {string.Join(" | ", columns.Select((value, column) => column < 5 ? $"{value:F1}" : $"{value:N0}"))} |");
            proof.Promise($"{program.Name} leaves no process behind", $"{left[program]} left a minute after its end", left[program] == 0);
        }
    });

    private static async Task<double[]> MeasureAsync(HostProgram program, Dictionary<HostProgram, int> left, CancellationToken cancellation)
    {
        using var data = new DataFolder();
        var (listens, ready, _, _, _) = await OnceAsync(program, data, left, cancellation);
        var next = await OnceAsync(program, data, left, cancellation);
        return [listens, ready, next.Listens, next.Ready, next.Ends, next.Processes, next.Memory];
    }

    private static async Task<(double Listens, double Ready, double Ends, double Processes, double Memory)> OnceAsync(
        HostProgram program, DataFolder data, Dictionary<HostProgram, int> left, CancellationToken cancellation)
    {
        await using var host = await HostProcess.StartAsync(program, data, [], cancellation);
        var listens = host.Age;
        await host.ReadyAsync(cancellation);
        var ready = host.Age;
        await Task.Delay(Settling, cancellation);
        var tree = ProcessTree.Of(host.Id);
        var memory = tree.Bytes / Megabyte;
        var stop = Stopwatch.GetTimestamp();
        await host.StopAsync(cancellation);
        var ends = Stopwatch.GetElapsedTime(stop);
        // The orchestrator itself goes last; it must go, too.
        while (tree.Running.Count > 0 && Stopwatch.GetElapsedTime(stop) < TimeSpan.FromMinutes(1))
        {
            await Task.Delay(LookEvery, cancellation);
        }

        left[program] = left.GetValueOrDefault(program) + tree.Running.Count;
        return (listens.TotalSeconds, ready.TotalSeconds, ends.TotalSeconds, tree.Names.Count, memory);
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
