namespace TicketAspire.Classifier.Learning;

/// <summary>
/// Minimises a smooth function by limited-memory BFGS (Nocedal and Wright, "Numerical Optimization", 2nd ed., algorithms
/// 7.4 and 7.5) with a backtracking line search.
/// </summary>
internal static class Lbfgs
{
    private const int History = 8;
    private const double SufficientDecrease = 1e-4;
    private const int LineSearchSteps = 30;

    /// <summary>So many steps in succession that gain little are the end; a single one may be an accident.</summary>
    private const int SmallSteps = 3;

    /// <summary>Computes the function's value at a point and writes its gradient.</summary>
    public delegate double Objective(double[] point, double[] gradient);

    /// <summary>Moves <paramref name="point"/> to a minimum.</summary>
    /// <param name="point">Where to start; holds the result.</param>
    /// <param name="objective">What to minimise.</param>
    /// <param name="divide">
    /// Divides a gradient by an estimate of the curvature, in place; the nearer the estimate, the fewer steps. Null for none.
    /// </param>
    /// <param name="iterations">How many steps at most.</param>
    /// <param name="tolerance">Ends when steps improve the value by less than this share of it.</param>
    public static void Minimize(
        double[] point, Objective objective, Action<double[]>? divide, int iterations, double tolerance)
    {
        var size = point.Length;
        var gradient = new double[size];
        var next = new double[size];
        var nextGradient = new double[size];
        var direction = new double[size];
        var pairs = new LinkedList<(double[] Step, double[] Change, double Curvature)>();
        var value = objective(point, gradient);
        var small = 0;
        for (var iteration = 0; iteration < iterations; iteration++)
        {
            Direction(gradient, pairs, divide, direction);
            var slope = Dot(gradient, direction);
            if (slope >= 0)
            {
                return;
            }

            var length = pairs.Count == 0 && divide is null ? 1 / Math.Sqrt(Dot(gradient, gradient)) : 1;
            var nextValue = double.PositiveInfinity;
            for (var attempt = 0; attempt < LineSearchSteps; attempt++, length /= 2)
            {
                for (var i = 0; i < size; i++)
                {
                    next[i] = point[i] + (length * direction[i]);
                }

                nextValue = objective(next, nextGradient);
                if (nextValue <= value + (SufficientDecrease * length * slope))
                {
                    break;
                }
            }

            if (!(nextValue < value))
            {
                return;
            }

            Remember(pairs, point, next, gradient, nextGradient);
            var gain = value - nextValue;
            (value, gradient, nextGradient) = (nextValue, nextGradient, gradient);
            next.CopyTo(point, 0);
            small = gain < tolerance * Math.Abs(value) ? small + 1 : 0;
            if (small == SmallSteps)
            {
                return;
            }
        }
    }

    // The two-loop recursion: minus the gradient, multiplied by an estimate of the inverse Hessian.
    private static void Direction(
        double[] gradient,
        LinkedList<(double[] Step, double[] Change, double Curvature)> pairs,
        Action<double[]>? divide,
        double[] direction)
    {
        for (var i = 0; i < gradient.Length; i++)
        {
            direction[i] = -gradient[i];
        }

        if (pairs.Last is null)
        {
            divide?.Invoke(direction);
            return;
        }

        var weights = new Stack<double>();
        for (var pair = pairs.Last; pair is not null; pair = pair.Previous)
        {
            var (step, change, curvature) = pair.Value;
            var weight = Dot(step, direction) / curvature;
            weights.Push(weight);
            Add(direction, change, -weight);
        }

        divide?.Invoke(direction);
        var newest = pairs.Last.Value;
        var divided = newest.Change.ToArray();
        divide?.Invoke(divided);
        var scale = newest.Curvature / Dot(newest.Change, divided);
        for (var i = 0; i < direction.Length; i++)
        {
            direction[i] *= scale;
        }

        for (var pair = pairs.First; pair is not null; pair = pair.Next)
        {
            var (step, change, curvature) = pair.Value;
            Add(direction, step, weights.Pop() - (Dot(change, direction) / curvature));
        }
    }

    private static void Remember(
        LinkedList<(double[] Step, double[] Change, double Curvature)> pairs,
        double[] point, double[] next, double[] gradient, double[] nextGradient)
    {
        var step = new double[point.Length];
        var change = new double[point.Length];
        for (var i = 0; i < point.Length; i++)
        {
            step[i] = next[i] - point[i];
            change[i] = nextGradient[i] - gradient[i];
        }

        var curvature = Dot(step, change);
        if (curvature <= double.Epsilon)
        {
            return;
        }

        pairs.AddLast((step, change, curvature));
        if (pairs.Count > History)
        {
            pairs.RemoveFirst();
        }
    }

    private static void Add(double[] to, double[] vector, double factor)
    {
        for (var i = 0; i < to.Length; i++)
        {
            to[i] += factor * vector[i];
        }
    }

    private static double Dot(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }
}
