namespace TicketAspire.Storage.Elasticsearch;

/// <summary>Labels whose tickets are not there yet. Of a ticket the latest label alone waits.</summary>
internal sealed class MissingTickets(TicketWriting writing, TimeProvider time)
{
    private readonly Dictionary<string, (TicketOperation Operation, DateTimeOffset Due)> _waiting = new(StringComparer.Ordinal);

    /// <summary>How many wait.</summary>
    public int Count => _waiting.Count;

    /// <summary>How long until the first one is due; null if none waits.</summary>
    public TimeSpan? Wait => _waiting.Count == 0
        ? null
        : TimeSpan.FromTicks(Math.Max(0, (_waiting.Values.Min(one => one.Due) - time.GetUtcNow()).Ticks));

    /// <summary>Lets labels wait.</summary>
    /// <returns>How many were dropped: there is no room, or they have waited often enough.</returns>
    public int Add(IEnumerable<TicketOperation> labels)
    {
        var dropped = 0;
        foreach (var label in labels)
        {
            label.Missed++;
            if (label.Missed > writing.MissingAttempts || (_waiting.Count >= writing.MostMissing && !_waiting.ContainsKey(label.Id)))
            {
                dropped++;
            }
            else
            {
                _waiting[label.Id] = (label, time.GetUtcNow() + writing.MissingBackoff.After(label.Missed));
            }
        }

        return dropped;
    }

    /// <summary>Takes those that are due, or all.</summary>
    public List<TicketOperation> Take(int most, bool all)
    {
        var now = time.GetUtcNow();
        var due = _waiting.Values.Where(one => all || one.Due <= now).Take(most).Select(one => one.Operation).ToList();
        due.ForEach(one => _waiting.Remove(one.Id));
        return due;
    }

    /// <summary>Forgets labels that newer ones have overtaken.</summary>
    public void Supersede(IEnumerable<TicketOperation> newer)
    {
        foreach (var operation in newer)
        {
            _waiting.Remove(operation.Id);
        }
    }
}
