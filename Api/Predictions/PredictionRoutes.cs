using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults.Http;
using TicketAspire.ServiceDefaults.Settings;

namespace TicketAspire.Api.Predictions;

/// <summary><c>POST /predict</c>, <c>POST /classifiers/{name}/predict</c> and <c>…/predict/batch</c>.</summary>
internal static class PredictionRoutes
{
    public static void MapPredictions(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").WithTags("Predictions");
        group.MapPost("/predict", (HttpRequest request, InferenceClient inference, TicketRecording recording, ClassifierDefaults defaults, CancellationToken cancellation) =>
                PredictAsync(defaults.Default, request, inference, recording, cancellation))
            .Accepts<PredictRequest>("application/json")
            .Produces<PredictionResponse>()
            .WithSummary("Classifies a text with the default classifier and records the ticket.");
        group.MapPost("/classifiers/{name}/predict", PredictAsync)
            .Accepts<PredictRequest>("application/json")
            .Produces<PredictionResponse>()
            .WithSummary("Classifies a text and records the ticket.");
        group.MapPost("/classifiers/{name}/predict/batch", BatchPrediction.AnswerAsync)
            .Accepts<PredictRequest[]>("application/json", Ndjson.ContentType, "application/jsonl")
            .Produces<PredictionResponse[]>()
            .WithSummary("Classifies many texts: a JSON array, or JSON lines streamed both ways. A text that cannot be classified has an error in its place.");
    }

    private static async Task<IResult> PredictAsync(
        string name, HttpRequest request, InferenceClient inference, TicketRecording recording, CancellationToken cancellation)
    {
        var body = await JsonBody.ReadAsync(request, ContractsJson.Default.PredictRequest, cancellation);
        var prediction = await inference.PredictAsync(name, body.Text, cancellation);
        var recorded = await recording.RecordAsync([(body.Text!, prediction)], cancellation);
        return TypedResults.Ok(recorded[0]);
    }
}
