using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.Configuration;

namespace TicketAspire.AppHost.Starting;

/// <summary>Whether there is something that runs containers. A client alone does not: it is the engine that has to answer.</summary>
internal static class ContainerEngine
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    // In Aspire's order.
    private static readonly string[] Settings = ["DcpPublisher:ContainerRuntime", "ASPIRE_CONTAINER_RUNTIME", "DOTNET_ASPIRE_CONTAINER_RUNTIME"];

    /// <summary>The command of the engine that is asked for by a setting that Aspire knows, or null for any.</summary>
    public static string? Chosen(IConfiguration configuration) =>
        Settings.Select(key => configuration[key]).FirstOrDefault(command => !string.IsNullOrWhiteSpace(command));

    /// <summary>Whether an engine answers.</summary>
    /// <param name="chosen">Its command; null for either of the two that Aspire knows.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<bool> AnswersAsync(string? chosen, CancellationToken cancellation)
    {
        foreach (var command in chosen is null ? ["docker", "podman"] : new[] { chosen })
        {
            if (await CommandAnswersAsync(command, cancellation))
            {
                return true;
            }
        }

        return false;
    }

    private static async Task<bool> CommandAnswersAsync(string command, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(command, ["ps", "--quiet"])
            {
                RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
            },
        };
        try
        {
            process.Start();
            process.OutputDataReceived += (_, _) => { };
            process.ErrorDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            await process.WaitForExitAsync(patience.Token);
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            process.Kill(entireProcessTree: true);
            return false;
        }
    }
}
