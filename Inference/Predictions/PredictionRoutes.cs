using TicketAspire.Contracts;
using TicketAspire.Inference.Champions;
using TicketAspire.ServiceDefaults.Http;

namespace TicketAspire.Inference.Predictions;

/// <summary><c>POST /predict</c>, <c>POST /classifiers/{name}/predict</c> and <c>…/predict/batch</c>, <c>GET /classifiers</c>.</summary>
internal static class PredictionRoutes
{
    public static void MapPredictions(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/predict", (bool? counted, HttpRequest request, ServedModels served, Answering answering, TicketText texts, CancellationToken cancellation) =>
            PredictAsync(served.Default, counted, request, served, answering, texts, cancellation));
        routes.MapPost("/classifiers/{name}/predict", PredictAsync);
        routes.MapPost("/classifiers/{name}/predict/batch", BatchPrediction.AnswerAsync);
    }

    public static void MapServedClassifiers(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/classifiers", (ServedModels served) => TypedResults.Ok(List(served)));

    // With ?counted=false the text is one that came in before, and enters neither what is measured nor a challenger's comparison.
    private static async Task<IResult> PredictAsync(
        string name, bool? counted, HttpRequest request, ServedModels served, Answering answering, TicketText texts, CancellationToken cancellation)
    {
        var body = await JsonBody.ReadAsync(request, ContractsJson.Default.PredictRequest, cancellation);
        var model = served.Get(name);
        var text = texts.Check(body.Text, model.Label);
        return TypedResults.Ok(counted == false ? Answering.Explain(model, text) : answering.Answer(model, text));
    }

    private static IReadOnlyList<ServedClassifier> List(ServedModels served) =>
        [.. served.All.Values
            .OrderBy(model => model.Name, StringComparer.Ordinal)
            .Select(model => new ServedClassifier(
                model.Name, model.Label, model.Version, model.Model.Labels, model.Threshold, model.Name == served.Default, model.Challenger?.Version))];
}
