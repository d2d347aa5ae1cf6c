using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults.Http;

namespace TicketAspire.Api.Predictions;

/// <summary>Many texts at once: each group is classified by Inference and recorded in one step.</summary>
internal static class BatchPrediction
{
    public static Task AnswerAsync(
        string name, HttpContext context, InferenceClient inference, TicketRecording recording, TicketText texts) =>
        BatchExchange.AnswerAsync(context, texts, (requests, cancellation) =>
            AnswerAsync(name, requests, inference, recording, cancellation));

    private static async Task<IReadOnlyList<BatchAnswer>> AnswerAsync(
        string name, PredictRequest[] requests, InferenceClient inference, TicketRecording recording, CancellationToken cancellation)
    {
        var answers = (await inference.PredictAsync(name, requests, cancellation)).ToArray();
        var predicted = Enumerable.Range(0, answers.Length).Where(i => answers[i].Prediction is not null).ToArray();
        if (predicted.Length == 0)
        {
            return answers;
        }

        var recorded = await recording.RecordAsync(
            [.. predicted.Select(i => (requests[i].Text!, answers[i].Prediction!))], cancellation);
        for (var i = 0; i < predicted.Length; i++)
        {
            answers[predicted[i]] = new BatchAnswer(recorded[i], null);
        }

        return answers;
    }
}
