namespace TicketAspire.Classifier.Learning;

/// <summary>
/// Turns the views' scores into one calibrated score for each class: multinomial logistic regression on out-of-fold
/// scores (stacking: Wolpert, "Stacked Generalization", Neural Networks 5, 1992; probabilities as in Platt scaling, for
/// many classes). The result is linear in the scores, so it folds into the views' weights.
/// </summary>
internal sealed class Stacking
{
    /// <summary>
    /// With more classes than this, a class's score is made of its own scores only: a full matrix would have more
    /// parameters than the examples can bear.
    /// </summary>
    public const int FullMatrixClasses = 24;

    private const int Iterations = 100;
    private const double Tolerance = 1e-7;

    /// <summary>How strongly a class's score is kept from leaning on the other classes' scores.</summary>
    private const double MatrixPenalty = 3;

    /// <summary>How strongly biases are kept small.</summary>
    private const double BiasPenalty = 0.3;

    /// <summary>How strongly the views' common factors are kept near <see cref="PriorFactor"/>: only felt with few examples.</summary>
    private const double FactorPenalty = 0.3;

    /// <summary>What a view's score is multiplied by when nothing is known: what most data sets come to.</summary>
    private const double PriorFactor = 2;

    private readonly int _classes;
    private readonly int _views;
    private readonly double[] _parameters;

    private Stacking(int classes, int views, double[] parameters)
    {
        _classes = classes;
        _views = views;
        _parameters = parameters;
    }

    private int MatrixStart => _views + _classes;

    private bool HasMatrix => _parameters.Length > MatrixStart;

    /// <summary>Fits it.</summary>
    /// <param name="scores">For each view, each text's scores, class by class: <c>scores[view][text * classes + class]</c>.</param>
    /// <param name="labels">Each text's class.</param>
    /// <param name="importance">How much each text counts.</param>
    /// <param name="classes">How many classes.</param>
    /// <param name="threads">How many threads to use; the result does not depend on it.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Stacking Fit(
        float[][] scores, int[] labels, float[] importance, int classes, int threads, CancellationToken cancellation)
    {
        var views = scores.Length;
        var matrix = classes <= FullMatrixClasses ? views * classes * classes : 0;
        var stacking = new Stacking(classes, views, new double[views + classes + matrix]);
        stacking._parameters.AsSpan(0, views).Fill(PriorFactor / views);
        var loss = new StackingLoss(scores, labels, importance, classes, threads);
        Lbfgs.Minimize(
            stacking._parameters,
            (point, gradient) =>
            {
                cancellation.ThrowIfCancellationRequested();
                var value = loss.Evaluate(new Stacking(classes, views, point), gradient);
                return value + Penalize(point, gradient, views, classes);
            },
            Iterations,
            Tolerance);
        return stacking;
    }

    /// <summary>The class scores of a text, given its scores in the views; their softmax is the confidence.</summary>
    /// <param name="scores">As for <see cref="Fit"/>.</param>
    /// <param name="text">Which text.</param>
    /// <param name="combined">Receives a score for each class.</param>
    public void Combine(float[][] scores, int text, Span<double> combined)
    {
        _parameters.AsSpan(_views, _classes).CopyTo(combined);
        for (var view = 0; view < _views; view++)
        {
            var own = scores[view].AsSpan(text * _classes, _classes);
            for (var k = 0; k < _classes; k++)
            {
                combined[k] += _parameters[view] * own[k];
            }

            for (var from = 0; HasMatrix && from < _classes; from++)
            {
                VectorSum.AddScaled(combined, own[from], _parameters.AsSpan(Column(view, from), _classes));
            }
        }
    }

    /// <summary>What class <paramref name="from"/>'s score in a view adds to class <paramref name="to"/>'s combined score, for each unit.</summary>
    public double Factor(int view, int to, int from) =>
        (to == from ? _parameters[view] : 0)
        + (HasMatrix ? _parameters[Column(view, from) + to] : 0);

    /// <summary>What is added to a class's combined score.</summary>
    public double Bias(int to) => _parameters[_views + to];

    /// <summary>Adds the gradient of one text's loss, given the loss's derivative by each combined score.</summary>
    internal void AddGradient(float[][] scores, int text, ReadOnlySpan<double> errors, Span<double> gradient)
    {
        for (var k = 0; k < _classes; k++)
        {
            gradient[_views + k] += errors[k];
        }

        for (var view = 0; view < _views; view++)
        {
            var own = scores[view].AsSpan(text * _classes, _classes);
            for (var k = 0; k < _classes; k++)
            {
                gradient[view] += errors[k] * own[k];
            }

            for (var from = 0; HasMatrix && from < _classes; from++)
            {
                VectorSum.AddScaled(gradient.Slice(Column(view, from), _classes), own[from], errors);
            }
        }
    }

    // Where the factors of one class's score in a view begin: one for each class that it adds to.
    private int Column(int view, int from) => MatrixStart + (((view * _classes) + from) * _classes);

    private static double Penalize(double[] point, double[] gradient, int views, int classes)
    {
        var value = 0.0;
        for (var i = 0; i < point.Length; i++)
        {
            var (penalty, prior) = i < views ? (FactorPenalty, PriorFactor / views)
                : i < views + classes ? (BiasPenalty, 0.0)
                : (MatrixPenalty, 0.0);
            var off = point[i] - prior;
            value += penalty / 2 * off * off;
            gradient[i] += penalty * off;
        }

        return value;
    }
}
