using TicketAspire.Contracts;

namespace TicketAspire.ServiceDefaults.Telemetry.Rollups;

/// <summary>What has been added up and is not in the store yet, by minute. Its size is bounded: the oldest minutes are dropped.</summary>
internal sealed class WaitingRollups
{
    /// <summary>So many minutes wait at most for a store that is away.</summary>
    public const int MinutesKept = 60;

    /// <summary>So many rollups are handed out at once at most: a store adds as many all or none, so that none is added twice.</summary>
    public const int AtOnce = 100;

    private readonly SortedDictionary<DateTimeOffset, Dictionary<(string Series, string Tags), Rollup>> _minutes = [];

    /// <summary>True when nothing waits.</summary>
    public bool IsEmpty => _minutes.Count == 0;

    /// <summary>Adds to what waits.</summary>
    /// <returns>How many rollups had to be dropped.</returns>
    public int Add(IReadOnlyList<Rollup> rollups)
    {
        foreach (var rollup in rollups)
        {
            if (!_minutes.TryGetValue(rollup.At, out var minute))
            {
                _minutes.Add(rollup.At, minute = []);
            }

            var key = (rollup.Series, string.Join('\n', rollup.Tags));
            minute[key] = minute.TryGetValue(key, out var waiting) ? waiting.Plus(rollup) : rollup;
        }

        var dropped = 0;
        while (_minutes.Count > MinutesKept)
        {
            var (oldest, rows) = _minutes.First();
            dropped += rows.Count;
            _minutes.Remove(oldest);
        }

        return dropped;
    }

    /// <summary>The first rollups of the oldest minute.</summary>
    public IReadOnlyList<Rollup> Oldest => [.. _minutes.First().Value.Values.Take(AtOnce)];

    /// <summary><see cref="Oldest"/> are in the store.</summary>
    public void RemoveOldest()
    {
        var (minute, rows) = _minutes.First();
        foreach (var key in rows.Keys.Take(AtOnce).ToArray())
        {
            rows.Remove(key);
        }

        if (rows.Count == 0)
        {
            _minutes.Remove(minute);
        }
    }
}
