using TicketAspire.Classifier;
using TicketAspire.Contracts;
using TicketAspire.Inference.Champions;
using TicketAspire.Inference.Shadows;
using TicketAspire.ServiceDefaults.Telemetry;

namespace TicketAspire.Inference.Predictions;

/// <summary>Makes the answer for one text from one model, measures it, and offers it to the model's challenger.</summary>
internal sealed class Answering(ShadowQueue shadows, Measures measures, TextTracing tracing, TimeProvider time)
{
    private const int Digits = 4;

    /// <summary>Predicts and explains a ticket that came in.</summary>
    public PredictionResponse Answer(ServedModel served, string text)
    {
        var start = time.GetTimestamp();
        var answer = Explain(served, text, out var confidence, out var unknown);
        measures.Predicted(
            served.Name, answer.Prediction, answer.Route, served.Version, confidence, unknown, time.GetElapsedTime(start));
        tracing.Add(text);
        shadows.Offer(served, text, answer);
        return answer;
    }

    /// <summary>The same for a ticket that came in before, at which somebody looks again: it is not counted.</summary>
    public static PredictionResponse Explain(ServedModel served, string text) => Explain(served, text, out _, out _);

    private static PredictionResponse Explain(ServedModel served, string text, out double confidence, out double unknown)
    {
        var labels = served.Model.Labels;
        Span<double> confidences = labels.Count <= 256 ? stackalloc double[labels.Count] : new double[labels.Count];
        var best = served.Model.Predict(text, confidences, out unknown);
        confidence = confidences[best];
        return new PredictionResponse
        {
            Prediction = labels[best],
            Intent = served.Label == LabelKind.Intent ? labels[best] : null,
            Confidence = Math.Round(confidence, Digits),
            Route = confidence >= served.Threshold ? Routes.Auto : Routes.Review,
            Alternatives = Alternatives(labels, confidences, best),
            Explanation = Terms(served.Model.Explain(text, best), text),
            Classifier = served.Name,
            Model = served.Version,
        };
    }

    private static List<Alternative> Alternatives(IReadOnlyList<string> labels, Span<double> confidences, int best)
    {
        var alternatives = new List<Alternative>(PredictionResponse.AlternativesKept);
        confidences[best] = -1;
        while (alternatives.Count < PredictionResponse.AlternativesKept && alternatives.Count < labels.Count - 1)
        {
            var next = 0;
            for (var k = 1; k < confidences.Length; k++)
            {
                next = confidences[k] > confidences[next] ? k : next;
            }

            alternatives.Add(new Alternative(labels[next], Math.Round(confidences[next], Digits)));
            confidences[next] = -1;
        }

        return alternatives;
    }

    private static ExplainedTerm[] Terms(Explanation explanation, string text) =>
        [.. explanation.Words
            .Where(word => word.Weight > 0)
            .OrderByDescending(word => word.Weight)
            .Take(PredictionResponse.TermsKept)
            .Select(word => new ExplainedTerm(
                text.Substring(word.Start, word.Length), word.Start, word.Length, Math.Round(word.Weight, Digits)))];
}
