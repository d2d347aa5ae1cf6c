using TicketAspire.Contracts;
using TicketAspire.Inference.Champions;
using TicketAspire.ServiceDefaults.Http;

namespace TicketAspire.Inference.Predictions;

/// <summary>Many texts at once, over all cores. All texts of an array, and of each group of lines, meet one model version.</summary>
internal static class BatchPrediction
{
    /// <summary>Below this many, starting threads costs more than it gains.</summary>
    private const int WorthThreads = 16;

    public static Task AnswerAsync(string name, HttpContext context, ServedModels served, Answering answering, TicketText texts)
    {
        var model = served.Get(name);
        var stream = Ndjson.IsNdjson(context.Request);
        return BatchExchange.AnswerAsync(context, texts, (requests, _) =>
        {
            // A stream may be open for hours.
            model = stream ? served.Get(name) : model;
            return Task.FromResult<IReadOnlyList<BatchAnswer>>(Predict(model, requests, answering, texts));
        });
    }

    private static BatchAnswer[] Predict(ServedModel model, PredictRequest[] requests, Answering answering, TicketText texts)
    {
        var answers = new BatchAnswer[requests.Length];
        if (requests.Length < WorthThreads)
        {
            for (var i = 0; i < requests.Length; i++)
            {
                answers[i] = Predict(model, requests[i], answering, texts);
            }
        }
        else
        {
            Parallel.For(0, requests.Length, i => answers[i] = Predict(model, requests[i], answering, texts));
        }

        return answers;
    }

    // In an array a null may stand in the place of a request.
    private static BatchAnswer Predict(ServedModel model, PredictRequest? request, Answering answering, TicketText texts)
    {
        return texts.Problem(request?.Text, model.Label) is { } problem
            ? new BatchAnswer(null, problem)
            : new BatchAnswer(answering.Answer(model, request!.Text!), null);
    }
}
