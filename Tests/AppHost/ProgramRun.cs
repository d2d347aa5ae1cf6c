using System.Diagnostics;
using TicketAspire.Tests.Support;

namespace TicketAspire.Tests.AppHost;

/// <summary>A program that was run to its end.</summary>
/// <param name="ExitCode">With which it ended.</param>
/// <param name="Output">What it printed to standard output.</param>
/// <param name="Errors">What it printed to standard error.</param>
internal sealed record ProgramRun(int ExitCode, string Output, string Errors)
{
    /// <summary>Runs it with these variables beside those of the tests.</summary>
    public static async Task<ProgramRun> OfAsync(string program, IEnumerable<string> args, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var arg in args)
        {
            start.ArgumentList.Add(arg);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        try
        {
            return await Eventually.WithinLimitAsync(
                $"the end of {program}",
                async limit =>
                {
                    var output = process.StandardOutput.ReadToEndAsync(limit);
                    var errors = process.StandardError.ReadToEndAsync(limit);
                    await process.WaitForExitAsync(limit);
                    return new ProgramRun(process.ExitCode, await output, await errors);
                },
                HttpCalls.Cancellation);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
