namespace TicketAspire.Storage.Redis;

/// <summary>
/// How far a stream has been read, by what its entries say and not by their numbers alone: a replica that took a master's
/// place may lack the latest entries, and their numbers are given again to others.
/// </summary>
/// <param name="last">The number of the last entry that was read; 0 for none.</param>
/// <param name="remembered">How many of the entries that were read last are known again.</param>
internal sealed class RedisStreamPlace(long last, int remembered)
{
    private readonly List<(long Id, UInt128 Content)> _read = [];

    /// <summary>The number of the last entry that was read; 0 for none.</summary>
    public long Last { get; private set; } = last;

    /// <summary>From which entry on to read: the last one comes along, and at first those before it, so that they are known again.</summary>
    public long Begin => _read.Count > 0 ? Last : Math.Max(0, Last - remembered + 1);

    /// <summary>The first entry that is known again; <see cref="Last"/> where none is.</summary>
    public long Oldest => _read.Count > 0 ? _read[0].Id : Last;

    /// <summary>
    /// True where the entry that was read last is no more the one of its number, or the stream does not reach so far: the
    /// server has lost it. A stream that was trimmed beyond it has lost nothing that matters.
    /// </summary>
    /// <param name="entries">What the stream has from <see cref="Begin"/> on.</param>
    public bool IsLost(IReadOnlyList<(long Id, RedisFields Fields)> entries) =>
        Last > 0 && (entries.Count == 0 || entries[^1].Id < Last || entries.Any(entry => entry.Id == Last && IsAnother(entry)));

    /// <summary>An entry was read, or lay before the first that was to be read.</summary>
    public void Read(long id, RedisFields fields)
    {
        if (_read.Count > 0 && _read[^1].Id == id)
        {
            return;
        }

        if (_read.Count == remembered)
        {
            _read.RemoveAt(0);
        }

        _read.Add((id, fields.Fingerprint()));
        Last = Math.Max(Last, id);
    }

    /// <summary>Goes back to the last entry that was read and is still there.</summary>
    /// <param name="entries">What the stream has from <see cref="Oldest"/> on.</param>
    /// <returns>False if there is none.</returns>
    public bool GoBack(IReadOnlyList<(long Id, RedisFields Fields)> entries)
    {
        var known = entries.LastOrDefault(entry => _read.Contains((entry.Id, entry.Fields.Fingerprint())));
        if (known.Fields is null)
        {
            return false;
        }

        _read.RemoveAll(entry => entry.Id > known.Id);
        Last = known.Id;
        return true;
    }

    /// <summary>Goes to a place of which nothing is known.</summary>
    public void GoTo(long place)
    {
        _read.Clear();
        Last = place;
    }

    private bool IsAnother((long Id, RedisFields Fields) entry) =>
        _read.Count > 0 && _read[^1].Id == entry.Id && _read[^1].Content != entry.Fields.Fingerprint();
}
