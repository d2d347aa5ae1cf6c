namespace TicketAspire.Benchmarks.Loop;

/// <summary>The order statistics of measured values.</summary>
internal sealed class Percentiles
{
    private readonly double[] _sorted;

    public Percentiles(IEnumerable<double> values) => _sorted = [.. values.Order()];

    /// <summary>How many values there are.</summary>
    public int Count => _sorted.Length;

    /// <summary>All of them together.</summary>
    public double Sum => _sorted.Sum();

    /// <summary>The middle value; of an even number the lower of the two.</summary>
    public double Median => At(0.5);

    /// <summary>The largest.</summary>
    public double Max => At(1);

    /// <summary>The smallest value that this share of all, 0 to 1, does not exceed; NaN when there is none.</summary>
    public double At(double share) =>
        _sorted.Length == 0 ? double.NaN : _sorted[Math.Clamp((int)Math.Ceiling(share * _sorted.Length) - 1, 0, _sorted.Length - 1)];
}
