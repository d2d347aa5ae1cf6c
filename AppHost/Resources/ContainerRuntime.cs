using System.ComponentModel;
using System.Diagnostics;

namespace TicketAspire.AppHost.Resources;

/// <summary>Whether there is something that runs containers.</summary>
internal static class ContainerRuntime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Ends the start with one clear sentence where there are containers to run and nothing that runs them; they and all that waits for
    /// them would else stand still without a word.
    /// </summary>
    public static void RequireContainerRuntime(this IDistributedApplicationBuilder builder) =>
        builder.Eventing.Subscribe<BeforeStartEvent>(async (start, cancellation) =>
        {
            if (!builder.ExecutionContext.IsRunMode || !start.Model.GetContainerResources().Any())
            {
                return;
            }

            // The variable by which Aspire is told which.
            var chosen = builder.Configuration["ASPIRE_CONTAINER_RUNTIME"] ?? builder.Configuration["DOTNET_ASPIRE_CONTAINER_RUNTIME"];
            if (await IsThereAsync(chosen, cancellation))
            {
                return;
            }

            throw new ContainerRuntimeException(
                $"No container runtime: {(chosen is null ? "neither docker nor podman answers" : $"{chosen} does not answer")}. "
                + "Start one, or run without containers: aspire run -- --no-containers");
        });

    /// <summary>Whether a runtime answers.</summary>
    /// <param name="chosen">Its command; null for either of the two that Aspire knows.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<bool> IsThereAsync(string? chosen, CancellationToken cancellation)
    {
        foreach (var runtime in chosen is null ? ["docker", "podman"] : new[] { chosen })
        {
            if (await AnswersAsync(runtime, cancellation))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Runs the application to its end and returns the process's exit code.</summary>
    public static async Task<int> RunToEndAsync(this DistributedApplication application)
    {
        try
        {
            await application.RunAsync();
            return 0;
        }
        catch (ContainerRuntimeException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }

    private static async Task<bool> AnswersAsync(string runtime, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(runtime, ["ps", "--quiet"])
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

/// <summary>Nothing runs containers; the message says what to do.</summary>
internal sealed class ContainerRuntimeException(string message) : DistributedApplicationException(message);
