using Microsoft.AspNetCore.Http.HttpResults;
using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults.Errors;
using TicketAspire.ServiceDefaults.Telemetry;
using TicketAspire.Storage;

namespace TicketAspire.Api.Classifiers;

/// <summary>The retraining runs of a classifier.</summary>
internal static class RunRoutes
{
    public static void MapRuns(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/classifiers/{name}").WithTags("Runs");
        group.MapPost("retrain", RequestAsync).WithSummary("Asks for a retraining run now.");
        group.MapGet("runs", ListAsync).WithSummary("Lists the runs, newest first.");
        group.MapGet("runs/{id:long}", FindAsync).WithSummary("One run with its progress.");
        group.MapPost("runs/{id:long}/cancel", CancelAsync)
            .WithSummary("Ends a queued or running run. The feedback there is starts no other by itself. One that has ended stays as it is.");
    }

    private static async Task<Accepted<RetrainingRun>> RequestAsync(
        string name, IClassifierStore classifiers, IRunStore runs, CancellationToken cancellation)
    {
        await classifiers.GetAsync(name, cancellation);
        var run = await runs.RequestAsync(name, RunTrigger.Request, cancellation);
        return TypedResults.Accepted($"/classifiers/{name}/runs/{run.Id}", run);
    }

    private static async Task<Ok<IReadOnlyList<RetrainingRun>>> ListAsync(
        string name, int? limit, IClassifierStore classifiers, IRunStore runs, CancellationToken cancellation)
    {
        await classifiers.GetAsync(name, cancellation);
        return TypedResults.Ok(await runs.ListAsync(name, Paging.Limit(limit), cancellation));
    }

    private static async Task<Ok<RetrainingRun>> FindAsync(
        string name, long id, IRunStore runs, CancellationToken cancellation) =>
        TypedResults.Ok(await GetAsync(name, id, runs, cancellation));

    private static async Task<Ok<RetrainingRun>> CancelAsync(
        string name, long id, string? by, IRunStore runs, Measures measures, CancellationToken cancellation)
    {
        var who = Person.Named(by);
        var run = await GetAsync(name, id, runs, cancellation);
        var ended = await runs.CancelAsync(run.Id, who, cancellation) ?? run;
        // One that had begun is counted by its retrainer.
        if (run.EndedAt is null && ended is { State: RunState.Cancelled, StartedAt: null })
        {
            measures.EndedRun(name, "cancelled", ended.Trigger.Word);
        }

        return TypedResults.Ok(ended);
    }

    private static async Task<RetrainingRun> GetAsync(string name, long id, IRunStore runs, CancellationToken cancellation)
    {
        var run = await runs.FindAsync(id, cancellation);
        return run?.Classifier == name ? run : throw RequestException.NotFound($"The classifier '{name}' has no run {id}");
    }
}
