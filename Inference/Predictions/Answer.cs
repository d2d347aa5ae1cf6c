using TicketAspire.Classifier;
using TicketAspire.Contracts;
using TicketAspire.Inference.Champions;

namespace TicketAspire.Inference.Predictions;

/// <summary>Makes the answer for one text from one model.</summary>
internal static class Answer
{
    private const int Digits = 4;

    /// <summary>Predicts and explains.</summary>
    public static PredictionResponse To(ServedModel served, string text)
    {
        var labels = served.Model.Labels;
        Span<double> confidences = labels.Count <= 256 ? stackalloc double[labels.Count] : new double[labels.Count];
        var best = served.Model.Predict(text, confidences);
        return new PredictionResponse
        {
            Prediction = labels[best],
            Intent = served.Label == LabelKind.Intent ? labels[best] : null,
            Confidence = Math.Round(confidences[best], Digits),
            Route = confidences[best] >= served.Threshold ? Routes.Auto : Routes.Review,
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
