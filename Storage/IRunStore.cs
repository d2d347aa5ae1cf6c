using TicketAspire.Contracts;

namespace TicketAspire.Storage;

/// <summary>
/// The queue and the history of retraining runs. At most one run of a classifier is queued and at most one is running,
/// however many retrainers there are; a run belongs to the retrainer that claimed it, until its lease has ended and
/// the next claim takes it away. So a machine that stands still for a while costs no training where nobody else would do it.
/// Every change appends a <see cref="EventTypes.Run"/> event.
/// </summary>
public interface IRunStore
{
    /// <summary>Asks for a run. If one is queued already, that one is returned; one that waits after a failure waits no longer.</summary>
    /// <exception cref="KeyNotFoundException">There is no such classifier.</exception>
    Task<RetrainingRun> RequestAsync(string classifier, RunTrigger trigger, CancellationToken cancellation);

    /// <summary>
    /// Asks for a run because of feedback, decided in one step: only if the classifier has no run queued or running and at
    /// least so many entries that no run has tried to learn. So several retrainers that notice the same feedback ask once.
    /// </summary>
    /// <param name="classifier">The classifier.</param>
    /// <param name="least">How many such entries it takes.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The run, or null if there is no need of one.</returns>
    Task<RetrainingRun?> RequestForFeedbackAsync(string classifier, long least, CancellationToken cancellation);

    /// <summary>
    /// Asks for a run because of the schedule, decided in one step: only if the classifier has no run queued or running, and
    /// none was asked for at or after <paramref name="due"/>. So several retrainers with the same schedule ask once.
    /// </summary>
    /// <returns>The run, or null if there is no need of one.</returns>
    Task<RetrainingRun?> RequestScheduledAsync(string classifier, DateTimeOffset due, CancellationToken cancellation);

    /// <summary>
    /// Asks for a run because what comes in has drifted, decided in one step: only if this version is the champion, the
    /// classifier has no run queued or running, and none was asked for because of drift since the version was put in service.
    /// So each champion has one such run at most, however many retrainers notice.
    /// </summary>
    /// <returns>The run, or null if there is no need of one.</returns>
    Task<RetrainingRun?> RequestForDriftAsync(string classifier, int champion, CancellationToken cancellation);

    /// <summary>
    /// Takes the oldest queued run, of those that need not wait any longer, of a classifier that has none running. First,
    /// running runs whose lease has ended become <see cref="RunState.Interrupted"/> and are queued anew as the next attempt
    /// (unless one is queued already).
    /// </summary>
    /// <param name="owner">Names the retrainer; unique to its process.</param>
    /// <param name="classifier">Only a run of this classifier; null for any.</param>
    /// <param name="lease">How long nobody may take it away without another report.</param>
    /// <param name="backoff">How long what takes an interrupted run's place waits.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The run, or null if there is nothing to do.</returns>
    Task<RetrainingRun?> ClaimAsync(
        string owner, string? classifier, TimeSpan lease, RetryBackoff backoff, CancellationToken cancellation);

    /// <inheritdoc cref="ClaimAsync(string, string?, TimeSpan, RetryBackoff, CancellationToken)"/>
    Task<RetrainingRun?> ClaimAsync(string owner, TimeSpan lease, RetryBackoff backoff, CancellationToken cancellation) =>
        ClaimAsync(owner, classifier: null, lease, backoff, cancellation);

    /// <summary>Reports progress and renews the lease.</summary>
    /// <returns>
    /// False if the run is not the owner's any more, because it was taken away after its lease, cancelled or given back: it
    /// must stop and not publish.
    /// </returns>
    Task<bool> ReportAsync(
        long run, string owner, RunStage stage, double progress, TimeSpan lease, CancellationToken cancellation);

    /// <summary>
    /// Ends a run with a model: in one step, and only if the run is still the owner's, stores the model under the next
    /// version, promotes it if so decided, or else sets the feedback aside that was new to it, moves
    /// <see cref="ClassifierInfo.FeedbackSeen"/> to the lineage's feedback mark, and ends the run.
    /// </summary>
    /// <returns>The stored model, or null if the run is not the owner's any more; then nothing has changed.</returns>
    Task<ModelInfo?> CompleteAsync(long run, string owner, RunResult result, CancellationToken cancellation);

    /// <summary>
    /// Stores a model that was trained elsewhere under the next version, as <see cref="ModelState.Imported"/>, in one step
    /// with the run that its history shows (<see cref="RunTrigger.Upload"/>). Feedback is as new as before.
    /// </summary>
    /// <returns>The stored model, or null if there is no such classifier.</returns>
    Task<ModelInfo?> ImportAsync(string classifier, RunResult result, CancellationToken cancellation);

    /// <summary>Ends a run without a model, as failed, and queues the next attempt, or gives up.</summary>
    /// <param name="run">The run.</param>
    /// <param name="owner">Who claimed it.</param>
    /// <param name="reason">Why it failed, in words.</param>
    /// <param name="retryAfter">How long the next attempt waits; null gives up: the feedback that there is starts no further run.</param>
    /// <param name="feedbackMark">The id of the last feedback entry that the run has read.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>False if the run is not the owner's any more.</returns>
    Task<bool> FailAsync(
        long run, string owner, string reason, TimeSpan? retryAfter, long feedbackMark, CancellationToken cancellation);

    /// <summary>
    /// Ends a queued or running run because a person wants it; the feedback that there is starts no further run by itself.
    /// Its retrainer hears of it at its next report. A run that has ended stays as it is.
    /// </summary>
    /// <returns>The run as it is now, or null if there is none.</returns>
    Task<RetrainingRun?> CancelAsync(long run, string by, CancellationToken cancellation);

    /// <summary>Gives a claimed run back, at a shutdown: it becomes interrupted and is queued anew.</summary>
    Task ReleaseAsync(long run, string owner, CancellationToken cancellation);

    /// <summary>One run, or null.</summary>
    Task<RetrainingRun?> FindAsync(long run, CancellationToken cancellation);

    /// <summary>The classifier's runs, newest first.</summary>
    Task<IReadOnlyList<RetrainingRun>> ListAsync(string classifier, int limit, CancellationToken cancellation);

    /// <summary>The runs that are queued or running, over all classifiers, oldest first.</summary>
    Task<IReadOnlyList<RetrainingRun>> OpenAsync(CancellationToken cancellation);
}

/// <summary>What a run ended with.</summary>
public sealed record RunResult
{
    /// <summary>The model file.</summary>
    public required ReadOnlyMemory<byte> File { get; init; }

    /// <summary>How it did on texts that it had not seen.</summary>
    public required ModelMetrics Metrics { get; init; }

    /// <summary>What it was made from.</summary>
    public required ModelLineage Lineage { get; init; }

    /// <summary>True puts it in service.</summary>
    public required bool Promote { get; init; }

    /// <summary>Why, in words.</summary>
    public required string Reason { get; init; }

    /// <summary>The numbers behind it.</summary>
    public GateDecision? Decision { get; init; }
}
