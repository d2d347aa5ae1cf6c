using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults.Telemetry;
using TicketAspire.Storage;

namespace TicketAspire.Api.Predictions;

/// <summary>Records what was classified. A store that is away costs the record and its id, not the prediction.</summary>
internal sealed partial class TicketRecording(
    ITicketStore tickets, Measures measures, TimeProvider time, ILogger<TicketRecording> logger, ITicketRecorder? recorder = null)
{
    /// <summary>Records the texts with their predictions and returns these with their ids, in the same order.</summary>
    public async Task<IReadOnlyList<PredictionResponse>> RecordAsync(
        IReadOnlyList<(string Text, PredictionResponse Prediction)> answers, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var recorded = answers.Select(answer => ToTicket(answer.Text, answer.Prediction, now)).ToArray();
        try
        {
            await tickets.AddAsync(recorded, cancellation);
        }
        catch (StorageException exception)
        {
            measures.HasDropped("tickets", recorded.Length);
            LogNotRecorded(logger, recorded.Length, exception.Message);
            return [.. answers.Select(answer => answer.Prediction)];
        }

        recorder?.Record(recorded);
        return [.. answers.Select((answer, i) => answer.Prediction with { Id = recorded[i].Id })];
    }

    private static Ticket ToTicket(string text, PredictionResponse prediction, DateTimeOffset now) => new()
    {
        Id = TicketId.New(now),
        Classifier = prediction.Classifier,
        Text = text,
        Prediction = prediction.Prediction,
        Confidence = prediction.Confidence,
        Route = prediction.Route,
        Model = prediction.Model,
        At = now,
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} tickets were answered but not recorded: {Problem}")]
    private static partial void LogNotRecorded(ILogger logger, int count, string problem);
}
