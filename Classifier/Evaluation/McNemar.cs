namespace TicketAspire.Classifier.Evaluation;

/// <summary>
/// Compares two models on the same examples by those on which only one of them is right (McNemar, Psychometrika 12, 1947;
/// the exact test: under equality each such example is a fair coin).
/// </summary>
/// <param name="OnlyFirst">Examples that only the first model got right.</param>
/// <param name="OnlySecond">Examples that only the second model got right.</param>
/// <param name="Probability">
/// How likely so few successes of the second model are if both are equally good: small means that the second is worse.
/// </param>
public readonly record struct McNemar(int OnlyFirst, int OnlySecond, double Probability)
{
    /// <summary>How likely so large a difference, in whichever direction, is if both are equally good.</summary>
    public double TwoSided => Math.Min(1, 2 * LowerTail(Math.Min(OnlyFirst, OnlySecond), OnlyFirst + OnlySecond));

    /// <summary>Compares the judgements of two models on the same examples, in the same order.</summary>
    /// <exception cref="ArgumentException">The lists differ in length.</exception>
    public static McNemar Compare(IReadOnlyList<Judgement> first, IReadOnlyList<Judgement> second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Count != second.Count)
        {
            throw new ArgumentException("Both models must be judged on the same examples.", nameof(second));
        }

        var onlyFirst = 0;
        var onlySecond = 0;
        for (var i = 0; i < first.Count; i++)
        {
            onlyFirst += first[i].Right && !second[i].Right ? 1 : 0;
            onlySecond += second[i].Right && !first[i].Right ? 1 : 0;
        }

        return new McNemar(onlyFirst, onlySecond, LowerTail(onlySecond, onlyFirst + onlySecond));
    }

    // P(X <= successes) for X binomial with chance 1/2, summed in logarithms.
    private static double LowerTail(int successes, int trials)
    {
        var sum = 0.0;
        var logChoose = -trials * Math.Log(2);
        for (var i = 0; i <= successes; i++)
        {
            sum += Math.Exp(logChoose);
            logChoose += Math.Log((double)(trials - i) / (i + 1));
        }

        return Math.Min(1, sum);
    }
}
