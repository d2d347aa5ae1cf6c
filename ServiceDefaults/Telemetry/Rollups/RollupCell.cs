using TicketAspire.Contracts;

namespace TicketAspire.ServiceDefaults.Telemetry.Rollups;

/// <summary>Adds up what is measured with the same tags until it is taken.</summary>
internal sealed class RollupCell(RollupSeries series, string[] tags, bool ignored)
{
    /// <summary>A cell that was empty so often when it was taken has served its time.</summary>
    private const int IdleLimit = 120;

    private readonly Lock _gate = new();
    private readonly long[] _buckets = ignored || series.Buckets is null ? [] : new long[series.Buckets.Count];
    private long _count;
    private double _sum;
    private int _idle;
    private bool _gone;

    /// <summary>Adds a measurement; false if the cell is gone, and another has to take it.</summary>
    /// <param name="count">What a counter counted; 1 for a histogram.</param>
    /// <param name="value">A histogram's value.</param>
    /// <param name="bucket">Its bucket; negative for a counter.</param>
    public bool Add(long count, double value, int bucket)
    {
        if (ignored)
        {
            return true;
        }

        lock (_gate)
        {
            if (_gone)
            {
                return false;
            }

            _count += count;
            if (bucket >= 0)
            {
                _sum += value;
                _buckets[bucket]++;
            }

            return true;
        }
    }

    /// <summary>What was added since it was taken last; null for nothing.</summary>
    /// <param name="at">The minute it is counted in.</param>
    /// <param name="gone">True when the cell has not been needed for long: it takes nothing any more.</param>
    public Rollup? Take(DateTimeOffset at, out bool gone)
    {
        lock (_gate)
        {
            if (_count == 0)
            {
                gone = _gone = ++_idle >= IdleLimit;
                return null;
            }

            var buckets = new Dictionary<int, long>();
            for (var i = 0; i < _buckets.Length; i++)
            {
                if (_buckets[i] > 0)
                {
                    buckets[i] = _buckets[i];
                }
            }

            var taken = new Rollup { At = at, Series = series.Name, Tags = tags, Count = _count, Sum = _sum, Buckets = buckets };
            (_count, _sum, _idle, gone) = (0, 0, 0, false);
            Array.Clear(_buckets);
            return taken;
        }
    }
}
