using TicketAspire.Classifier.Engines;
using TicketAspire.Contracts;
using TicketAspire.Storage;

namespace TicketAspire.Retrainer.Triggers;

/// <summary>
/// Asks for a run where the champion cannot be read: its file is damaged, or of a format that this version of the program
/// has left behind. Its data set and feedback are still there, so a new one can be trained.
/// </summary>
internal sealed partial class ChampionCheck(
    IClassifierStore classifiers, IModelStore models, IRunStore runs, EngineCatalog engines, ILogger<ChampionCheck> logger)
{
    /// <summary>Looks at every champion once.</summary>
    public async Task EnsureAsync(CancellationToken cancellation)
    {
        foreach (var classifier in await classifiers.ListAsync(cancellation))
        {
            if (classifier.Champion is { } version && await ProblemAsync(classifier.Name, version, cancellation) is { } problem)
            {
                LogUnreadable(logger, classifier.Name, version, problem);
                await runs.RequestAsync(classifier.Name, RunTrigger.Repair, cancellation);
            }
        }
    }

    private async Task<string?> ProblemAsync(string classifier, int version, CancellationToken cancellation)
    {
        try
        {
            engines.Read(await models.ReadAsync(classifier, version, cancellation));
            return null;
        }
        catch (InvalidDataException exception)
        {
            return exception.Message;
        }
        catch (Exception exception) when (exception is not (StorageException or OperationCanceledException))
        {
            // The file may be well: it may be the machine's fault, a full disk perhaps.
            LogMissing(logger, classifier, version, exception.Message);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Classifier}: champion {Version} cannot be used here: {Problem}")]
    private static partial void LogMissing(ILogger logger, string classifier, int version, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Classifier}: champion {Version} cannot be read, a new one is trained: {Problem}")]
    private static partial void LogUnreadable(ILogger logger, string classifier, int version, string problem);
}
