using TicketAspire.Contracts;
using TicketAspire.Inference.Champions;
using TicketAspire.ServiceDefaults.Http;

namespace TicketAspire.Inference.Predictions;

/// <summary><c>POST /predict</c>, <c>POST /classifiers/{name}/predict</c> and <c>…/predict/batch</c>, <c>GET /classifiers</c>.</summary>
internal static class PredictionRoutes
{
    public static void MapPredictions(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/predict", (HttpRequest request, ServedModels served, Answering answering, TicketText texts, CancellationToken cancellation) =>
            PredictAsync(served.Default, request, served, answering, texts, cancellation));
        routes.MapPost("/classifiers/{name}/predict", PredictAsync);
        routes.MapPost("/classifiers/{name}/predict/batch", BatchPrediction.AnswerAsync);
    }

    public static void MapServedClassifiers(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/classifiers", (ServedModels served) => TypedResults.Ok(List(served)));

    private static async Task<IResult> PredictAsync(
        string name, HttpRequest request, ServedModels served, Answering answering, TicketText texts, CancellationToken cancellation)
    {
        var body = await JsonBody.ReadAsync(request, ContractsJson.Default.PredictRequest, cancellation);
        var model = served.Get(name);
        return TypedResults.Ok(answering.Answer(model, texts.Check(body.Text, model.Label)));
    }

    private static IReadOnlyList<ServedClassifier> List(ServedModels served) =>
        [.. served.All.Values
            .OrderBy(model => model.Name, StringComparer.Ordinal)
            .Select(model => new ServedClassifier(
                model.Name, model.Label, model.Version, model.Model.Labels, model.Threshold, model.Name == served.Default, model.Challenger?.Version))];
}
