namespace TicketAspire.Classifier.Evaluation;

/// <summary>
/// How far a distribution has moved: the population stability index, sum over parts of (q − p) · ln(q / p), where p is a
/// part's share before and q its share now (Siddiqi, "Credit Risk Scorecards", Wiley 2006). It is 0 for equal shares; rules of
/// thumb call less than 0.1 stable and more than 0.25 a shift. Half a case is added to each part, so that an empty one does
/// not make it infinite.
/// </summary>
/// <param name="Index">The index.</param>
/// <param name="Chance">
/// What the index exceeds in one of a thousand cases though nothing has moved: without a shift it is distributed like
/// (1/n + 1/m) times chi-squared with one degree of freedom less than there are parts, for n and m cases (Yurdakul,
/// "Statistical Properties of Population Stability Index", Western Michigan University 2018).
/// </param>
public readonly record struct PopulationStability(double Index, double Chance)
{
    /// <summary>Parts with fewer cases than this before are taken together: so few tell nothing, and chi-squared does not hold.</summary>
    public const int LeastCases = 5;

    private const double Smoothing = 0.5;

    /// <summary>The normal distribution's quantile of 0.999.</summary>
    private const double Sigmas = 3.0902;

    /// <summary>Compares how many cases were in each part before and are now.</summary>
    /// <exception cref="ArgumentException">The lists differ in length, or one has no cases.</exception>
    public static PopulationStability Of(IReadOnlyList<long> expected, IReadOnlyList<long> actual)
    {
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(actual);
        var (before, now) = ((double)expected.Sum(), (double)actual.Sum());
        if (expected.Count != actual.Count || before == 0 || now == 0)
        {
            throw new ArgumentException("Both need the same parts, and cases.", nameof(actual));
        }

        var parts = Together(expected, actual);
        var index = 0.0;
        foreach (var (one, other) in parts)
        {
            var p = (one + Smoothing) / (before + (Smoothing * parts.Count));
            var q = (other + Smoothing) / (now + (Smoothing * parts.Count));
            index += (q - p) * Math.Log(q / p);
        }

        return new PopulationStability(index, ((1 / before) + (1 / now)) * ChiSquared(parts.Count - 1));
    }

    private static List<(long Before, long Now)> Together(IReadOnlyList<long> expected, IReadOnlyList<long> actual)
    {
        var parts = new List<(long Before, long Now)>();
        var (before, now) = (0L, 0L);
        for (var i = 0; i < expected.Count; i++)
        {
            if (expected[i] >= LeastCases)
            {
                parts.Add((expected[i], actual[i]));
            }
            else
            {
                before += expected[i];
                now += actual[i];
            }
        }

        if (before + now > 0)
        {
            parts.Add((before, now));
        }

        return parts;
    }

    // The quantile of 0.999 (Wilson and Hilferty, PNAS 17, 1931).
    private static double ChiSquared(int degrees)
    {
        if (degrees == 0)
        {
            return 0;
        }

        var ninth = 2 / (9.0 * degrees);
        return degrees * Math.Pow(1 - ninth + (Sigmas * Math.Sqrt(ninth)), 3);
    }
}
