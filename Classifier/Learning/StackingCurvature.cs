namespace TicketAspire.Classifier.Learning;

/// <summary>
/// About how strongly the loss of the stacking bends in each direction. The views say nearly the same, so it bends a hundred
/// times more along their sum than along their difference; divided by this, it is about as steep everywhere, and the
/// minimiser needs less than half of the steps.
/// </summary>
internal sealed class StackingCurvature
{
    /// <summary>It is estimated from no more than about so many texts.</summary>
    private const int Sample = 10_000;

    /// <summary>A confidence's variance p (1 - p), on average over texts and classes, when a quarter of the answers is doubtful.</summary>
    private const double Doubt = 0.03;

    private readonly int _views;
    private readonly int _classes;
    private readonly double _bias;
    private readonly double[] _factors;
    private readonly double[,]? _matrix;

    /// <summary>Estimates it.</summary>
    /// <param name="scores">As for <see cref="Stacking.Fit"/>.</param>
    /// <param name="set">The texts.</param>
    /// <param name="hasMatrix">Whether the stacking has a matrix.</param>
    public StackingCurvature(OutOfFoldScores scores, TrainingSet set, bool hasMatrix)
    {
        _views = scores.Views.Length;
        _classes = set.Labels.Length;
        var every = Math.Max(1, set.Examples / Sample);
        var weight = Doubt * every;
        _bias = Stacking.BiasPenalty + (Doubt * set.Examples);
        _factors = new double[_views];
        var products = new double[_views * _classes, _views * _classes];
        var inputs = new double[_views * _classes];
        for (var text = 0; text < set.Examples; text += every)
        {
            for (var i = 0; i < inputs.Length; i++)
            {
                inputs[i] = scores.Views[i / _classes][(text * _classes) + (i % _classes)];
                _factors[i / _classes] += weight * inputs[i] * inputs[i];
            }

            for (var i = 0; hasMatrix && i < inputs.Length; i++)
            {
                for (var j = 0; j <= i; j++)
                {
                    products[i, j] += weight * inputs[i] * inputs[j];
                }
            }
        }

        for (var view = 0; view < _views; view++)
        {
            var prior = Stacking.PriorFactor / _views;
            _factors[view] = Stacking.FactorPenalty + (_factors[view] * prior * prior);
        }

        _matrix = hasMatrix ? Cholesky(products, Stacking.MatrixPenalty) : null;
    }

    /// <summary>Divides a gradient by the curvature.</summary>
    public void Divide(double[] gradient)
    {
        for (var view = 0; view < _views; view++)
        {
            gradient[view] /= _factors[view];
        }

        for (var k = 0; k < _classes; k++)
        {
            gradient[_views + k] /= _bias;
        }

        if (_matrix is not null)
        {
            for (var to = 0; to < _classes; to++)
            {
                Solve(_matrix, gradient, _views + _classes + to, _classes);
            }
        }
    }

    // The lower triangle L of L L' = A + penalty I, in place of A's.
    private static double[,] Cholesky(double[,] a, double penalty)
    {
        var size = a.GetLength(0);
        for (var i = 0; i < size; i++)
        {
            a[i, i] += penalty;
            for (var j = 0; j <= i; j++)
            {
                var sum = a[i, j];
                for (var k = 0; k < j; k++)
                {
                    sum -= a[i, k] * a[j, k];
                }

                a[i, j] = i == j ? Math.Sqrt(sum) : sum / a[j, j];
            }
        }

        return a;
    }

    // Solves L L' x = b; b and x lie in a vector, from a place on, so far apart.
    private static void Solve(double[,] lower, double[] vector, int start, int apart)
    {
        var size = lower.GetLength(0);
        for (var i = 0; i < size; i++)
        {
            var sum = vector[start + (i * apart)];
            for (var k = 0; k < i; k++)
            {
                sum -= lower[i, k] * vector[start + (k * apart)];
            }

            vector[start + (i * apart)] = sum / lower[i, i];
        }

        for (var i = size - 1; i >= 0; i--)
        {
            var sum = vector[start + (i * apart)];
            for (var k = i + 1; k < size; k++)
            {
                sum -= lower[k, i] * vector[start + (k * apart)];
            }

            vector[start + (i * apart)] = sum / lower[i, i];
        }
    }
}
