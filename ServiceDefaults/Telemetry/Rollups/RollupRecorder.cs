using System.Collections.Concurrent;
using System.Globalization;
using TicketAspire.Contracts;

namespace TicketAspire.ServiceDefaults.Telemetry.Rollups;

/// <summary>
/// Takes one series' measurements, on the thread that measures: a look-up and a few additions, and nothing is allocated once
/// the tags' values have been met.
/// </summary>
internal sealed class RollupRecorder(RollupSeries series, string service)
{
    /// <summary>More different values than this are counted together, as <see cref="Other"/>.</summary>
    public const int CellLimit = 2000;

    /// <summary>Stands for the values for which there was no room.</summary>
    public const string Other = "(other)";

    private readonly ConcurrentDictionary<RollupKey, RollupCell> _cells = new();
    private readonly string[] _names = [.. series.Tags];
    private int _count;

    /// <summary>Adds what a counter counted.</summary>
    public void Count(long count, ReadOnlySpan<KeyValuePair<string, object?>> tags) => Add(count, 0, -1, tags);

    /// <summary>Adds a histogram's value.</summary>
    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => Add(1, value, series.Buckets!.Of(value), tags);

    /// <summary>What was added since the last time.</summary>
    public void Take(DateTimeOffset at, List<Rollup> taken)
    {
        foreach (var (key, cell) in _cells)
        {
            if (cell.Take(at, out var gone) is { } rollup)
            {
                taken.Add(rollup);
            }
            else if (gone && _cells.TryRemove(key, out _))
            {
                Interlocked.Decrement(ref _count);
            }
        }
    }

    private void Add(long count, double value, int bucket, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var key = Key(tags);
        while (!Cell(key).Add(count, value, bucket))
        {
            // It was given up at this very moment.
        }
    }

    private RollupCell Cell(in RollupKey key)
    {
        if (_cells.TryGetValue(key, out var cell))
        {
            return cell;
        }

        if (Volatile.Read(ref _count) < CellLimit)
        {
            return Create(key);
        }

        var other = new RollupKey();
        for (var i = 0; i < _names.Length; i++)
        {
            other[i] = _names[i] == RollupSeries.ServiceTag ? service : Other;
        }

        return _cells.TryGetValue(other, out cell) ? cell : Create(other);
    }

    private RollupCell Create(RollupKey key)
    {
        var values = new string[_names.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = key[i] switch
            {
                null => string.Empty,
                true => "true",
                false => "false",
                var value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty,
            };
        }

        var created = new RollupCell(series, values, series.Ignores(values));
        var cell = _cells.GetOrAdd(key, created);
        if (ReferenceEquals(cell, created))
        {
            Interlocked.Increment(ref _count);
        }

        return cell;
    }

    private RollupKey Key(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var key = new RollupKey();
        for (var i = 0; i < _names.Length; i++)
        {
            var name = _names[i];
            // Our own come in the order in which they are named.
            if (i < tags.Length && ReferenceEquals(tags[i].Key, name))
            {
                key[i] = tags[i].Value;
            }
            else if (name == RollupSeries.ServiceTag)
            {
                key[i] = service;
            }
            else
            {
                foreach (var tag in tags)
                {
                    if (tag.Key == name)
                    {
                        key[i] = tag.Value;
                        break;
                    }
                }
            }
        }

        return key;
    }
}
