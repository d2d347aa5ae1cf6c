using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using TicketAspire.Contracts;

namespace TicketAspire.ServiceDefaults.Starting;

/// <summary>
/// Shows on a host's console that the first models are trained, and when the system is ready. It asks the Api, as anybody can:
/// the services may be in this process or in others.
/// </summary>
/// <param name="api">The Api; requests are relative to its address.</param>
/// <param name="output">Where it is shown.</param>
/// <param name="starterData">Whether classifiers come by themselves at the first start (<c>Retraining:StarterData</c>).</param>
public sealed class TrainingConsole(HttpClient api, TextWriter output, bool starterData)
{
    /// <summary>What the Api's health says of Inference, while that has no model yet.</summary>
    private const string Inference = "inference";

    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(200);

    /// <summary>Nobody sits and waits any more.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private readonly Dictionary<long, RunStage> _shown = [];

    /// <summary>Shows it until the system is ready.</summary>
    /// <param name="cancellation">Ends it.</param>
    public async Task FollowAsync(CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        while (!await IsReadyAsync(cancellation))
        {
            await Task.Delay(Stopwatch.GetElapsedTime(start) < Long ? Every : Every * 10, TimeProvider.System, cancellation);
        }
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellation)
    {
        IReadOnlyList<ClassifierSummary> all;
        try
        {
            all = await api.GetFromJsonAsync("classifiers", ContractsJson.Default.IReadOnlyListClassifierSummary, cancellation) ?? [];
            if ((all.Count == 0 && starterData) || all.Any(classifier => classifier.Champion is null && classifier.Run is not null))
            {
                foreach (var classifier in all.Where(classifier => classifier.Champion is null))
                {
                    Show(classifier.Run);
                }

                return false;
            }

            var health = await api.GetFromJsonAsync("health", ContractsJson.Default.HealthResponse, cancellation);
            if (all.Count > 0 && health?.Reasons?.ContainsKey(Inference) == true)
            {
                return false;
            }
        }
        catch (Exception exception) when (
            exception is HttpRequestException or IOException or JsonException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            // The Api, or what it asks, is not there yet.
            return false;
        }

        var served = all.Where(classifier => classifier.Champion is not null)
            .Select(classifier => $"{classifier.Name} (version {classifier.Champion!.Version}, {classifier.Labels.Count} labels)");
        await output.WriteLineAsync($"Ready: {string.Join(", ", served.DefaultIfEmpty("no classifier yet, import one on the pages"))}. Ctrl+C stops.");
        return true;
    }

    private void Show(RetrainingRun? run)
    {
        if (run is { State: RunState.Running, Stage: { } stage } && _shown.GetValueOrDefault(run.Id, (RunStage)(-1)) != stage)
        {
            _shown[run.Id] = stage;
            output.WriteLine($"  First start, training {run.Classifier}: {stage.ToString().ToLowerInvariant()} ({run.Progress:P0})");
        }
    }
}
