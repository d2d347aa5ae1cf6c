using TicketAspire.Contracts;

namespace TicketAspire.Web;

/// <summary>
/// Runs as pages speak of them: the history has a row for a model that was trained elsewhere and uploaded, which is no
/// training and has no outcome.
/// </summary>
internal static class Trainings
{
    extension(RetrainingRun run)
    {
        /// <summary>False for the row of an uploaded model.</summary>
        public bool IsTraining => run.Trigger != RunTrigger.Upload;
    }

    /// <summary>The training that ended last, of runs that come newest first; null if none has.</summary>
    public static RetrainingRun? LastTraining(this IReadOnlyList<RetrainingRun> runs) =>
        runs.FirstOrDefault(run => run.IsTraining && run.EndedAt is not null);
}
