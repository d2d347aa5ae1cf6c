using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

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
    private const double Tolerance = 1e-5;

    /// <summary>
    /// How strongly a class's score is kept from leaning on the other classes' scores. With 60 IT tickets of each category,
    /// 100 instead of 3 is 1.3 points; with thousands a tenth of one.
    /// </summary>
    public const double MatrixPenalty = 100;

    /// <summary>How strongly biases are kept small.</summary>
    public const double BiasPenalty = 0.3;

    /// <summary>
    /// How strongly the logarithms of the views' common factors are kept near that of <see cref="PriorFactor"/>: only felt
    /// with few examples. Logarithms, since a view never speaks against what it says: with two or three examples of a label
    /// its out-of-fold scores may seem to, because what is asked about is just what is missing from the others.
    /// </summary>
    public const double FactorPenalty = 1;

    /// <summary>What a view's score is multiplied by when nothing is known: what most data sets come to.</summary>
    public const double PriorFactor = 2;

    private readonly int _classes;
    private readonly int _views;
    private readonly double[] _parameters;
    private readonly double[] _factors;

    // The parameters: the logarithm of each view's factor, a bias for each class, and where there is one the matrix.
    private Stacking(int classes, int views, double[] parameters)
    {
        _classes = classes;
        _views = views;
        _parameters = parameters;
        _factors = Array.ConvertAll(parameters[..views], Math.Exp);
    }

    private int MatrixStart => _views + _classes;

    private bool HasMatrix => _parameters.Length > MatrixStart;

    /// <summary>Fits it.</summary>
    /// <param name="scores">What models say of texts that they have not seen.</param>
    /// <param name="set">The texts; only the examples are fitted to.</param>
    /// <param name="threads">How many threads to use; the result does not depend on it.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Stacking Fit(
        OutOfFoldScores scores, TrainingSet set, int threads, CancellationToken cancellation)
    {
        var classes = set.Labels.Length;
        var views = scores.Views.Length;
        var matrix = classes <= FullMatrixClasses ? views * classes * classes : 0;
        var parameters = new double[views + classes + matrix];
        parameters.AsSpan(0, views).Fill(Math.Log(PriorFactor / views));
        var loss = new StackingLoss(scores, set, threads);
        var curvature = new StackingCurvature(scores, set, matrix > 0);
        Lbfgs.Minimize(
            parameters,
            (point, gradient) =>
            {
                cancellation.ThrowIfCancellationRequested();
                var value = loss.Evaluate(new Stacking(classes, views, point), gradient);
                return value + Penalize(point, gradient, views, classes);
            },
            curvature.Divide,
            Iterations,
            Tolerance);
        return new Stacking(classes, views, parameters);
    }

    /// <summary>The class scores of a text, given its scores in the views; their softmax is the confidence.</summary>
    /// <param name="scores">As for <see cref="Fit"/>.</param>
    /// <param name="text">Which text.</param>
    /// <param name="combined">Receives a score for each class.</param>
    public void Combine(OutOfFoldScores scores, int text, Span<double> combined)
    {
        _parameters.AsSpan(_views, _classes).CopyTo(combined);
        for (var view = 0; view < _views; view++)
        {
            var own = scores.Views[view].AsSpan(text * _classes, _classes);
            for (var k = 0; k < own.Length; k++)
            {
                combined[k] += _factors[view] * own[k];
            }
        }

        if (HasMatrix)
        {
            AddMatrix(scores.Views, text, combined);
        }

        foreach (ref var score in combined)
        {
            score *= scores.Familiarity[text];
        }
    }

    /// <summary>Adds what a view's scores, or any weights that scores are sums of, add to the combined ones.</summary>
    /// <param name="combined">A sum for each class.</param>
    /// <param name="view">The view.</param>
    /// <param name="own">The view's own number for each class.</param>
    public void AddTo(Span<float> combined, int view, ReadOnlySpan<float> own)
    {
        for (var k = 0; k < _classes; k++)
        {
            combined[k] += (float)(_factors[view] * own[k]);
        }

        for (var from = 0; HasMatrix && from < _classes; from++)
        {
            var factors = _parameters.AsSpan(Column(view, from), _classes);
            for (var to = 0; to < _classes; to++)
            {
                combined[to] += (float)(factors[to] * own[from]);
            }
        }
    }

    /// <summary>What is added to a class's combined score.</summary>
    public double Bias(int to) => _parameters[_views + to];

    /// <summary>Adds the gradient of one text's loss.</summary>
    /// <param name="scores">As for <see cref="Fit"/>.</param>
    /// <param name="text">Which text.</param>
    /// <param name="errors">The loss's derivative by each combined score; multiplied by the text's familiarity.</param>
    /// <param name="gradient">Is added to.</param>
    internal void AddGradient(OutOfFoldScores scores, int text, Span<double> errors, Span<double> gradient)
    {
        foreach (ref var error in errors)
        {
            error *= scores.Familiarity[text];
        }

        for (var k = 0; k < _classes; k++)
        {
            gradient[_views + k] += errors[k];
        }

        for (var view = 0; view < _views; view++)
        {
            var own = scores.Views[view].AsSpan(text * _classes, _classes);
            for (var k = 0; k < _classes; k++)
            {
                gradient[view] += errors[k] * own[k] * _factors[view];
            }

            for (var from = 0; HasMatrix && from < _classes; from++)
            {
                VectorSum.AddScaled(ref gradient[Column(view, from)], own[from], ref MemoryMarshal.GetReference(errors), _classes);
            }
        }
    }

    // A few classes at a time, so that their sums stay in registers; most of the fitting's time is spent here.
    private void AddMatrix(float[][] scores, int text, Span<double> combined)
    {
        ref var sums = ref MemoryMarshal.GetReference(combined);
        var k = 0;
        for (; k + Vector256<double>.Count <= _classes; k += Vector256<double>.Count)
        {
            ref var factors = ref _parameters[MatrixStart + k];
            var sum = Vector256.LoadUnsafe(ref sums, (nuint)k);
            for (var view = 0; view < _views; view++)
            {
                foreach (var score in scores[view].AsSpan(text * _classes, _classes))
                {
                    sum = Vector256.FusedMultiplyAdd(Vector256.Create((double)score), Vector256.LoadUnsafe(ref factors), sum);
                    factors = ref Unsafe.Add(ref factors, _classes);
                }
            }

            sum.StoreUnsafe(ref sums, (nuint)k);
        }

        for (; k < _classes; k++)
        {
            ref var factors = ref _parameters[MatrixStart + k];
            for (var view = 0; view < _views; view++)
            {
                foreach (var score in scores[view].AsSpan(text * _classes, _classes))
                {
                    combined[k] += score * factors;
                    factors = ref Unsafe.Add(ref factors, _classes);
                }
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
            var (penalty, prior) = i < views ? (FactorPenalty, Math.Log(PriorFactor / views))
                : i < views + classes ? (BiasPenalty, 0.0)
                : (MatrixPenalty, 0.0);
            var off = point[i] - prior;
            value += penalty / 2 * off * off;
            gradient[i] += penalty * off;
        }

        return value;
    }
}
