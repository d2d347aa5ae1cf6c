using System.Runtime.InteropServices;

namespace TicketAspire.Benchmarks.Loop;

/// <summary>
/// A measurement of the running system that ends in promises, kept or broken. Ctrl+C ends it in order: the host that it
/// started and its data are gone afterwards.
/// </summary>
internal sealed class Proof
{
    private const int Broken = 1;
    private const int Interrupted = 130;

    private readonly List<(string Promise, string Found, bool Kept)> _promises = [];

    private Proof()
    {
    }

    /// <summary>Measures and prints the promises; 0 when all are kept, else 1.</summary>
    public static async Task<int> RunAsync(Func<Proof, CancellationToken, Task> measure)
    {
        using var interruption = new CancellationTokenSource();
        using var interrupt = StopOn(PosixSignal.SIGINT, interruption);
        using var terminate = StopOn(PosixSignal.SIGTERM, interruption);
        var proof = new Proof();
        try
        {
            Console.WriteLine(Accuracy.Machine());
            await measure(proof, interruption.Token);
            return proof.Conclude();
        }
        catch (Exception) when (interruption.IsCancellationRequested)
        {
            return Interrupted;
        }
        catch (Exception exception) when (exception is HostException or HttpRequestException or IOException or TimeoutException)
        {
            // What cannot be measured is not kept.
            proof.Conclude();
            Console.Error.WriteLine(exception.Message);
            return Broken;
        }
    }

    /// <summary>Notes a promise and what was found.</summary>
    public void Promise(string promise, string found, bool kept) => _promises.Add((promise, found, kept));

    private static PosixSignalRegistration StopOn(PosixSignal signal, CancellationTokenSource interruption) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            interruption.Cancel();
        });

    private int Conclude()
    {
        Console.WriteLine();
        Console.WriteLine("| promise | found | |");
        Console.WriteLine("|---|---|---|");
        foreach (var (promise, found, kept) in _promises)
        {
            Console.WriteLine($"| {promise} | {found} | {(kept ? "kept" : "BROKEN")} |");
        }

        return _promises.TrueForAll(promise => promise.Kept) ? 0 : Broken;
    }
}
