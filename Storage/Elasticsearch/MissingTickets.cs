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
            var (ticket, missed) = (label.Labelled!, label.Missed + 1);
            if (missed > writing.MissingAttempts || (_waiting.Count >= writing.MostMissing && !_waiting.ContainsKey(ticket)))
            {
                dropped++;
            }
            else
            {
                // By itself, for its lines lie among those of all that it was sent with.
                var alone = label with { Lines = label.Lines.ToArray(), Missed = missed };
                _waiting[ticket] = (alone, time.GetUtcNow() + writing.MissingBackoff.After(missed));
            }
        }

        return dropped;
    }

    /// <summary>Takes those that are due, or all.</summary>
    public List<TicketOperation> Take(int most, bool all)
    {
        var now = time.GetUtcNow();
        var due = _waiting.Values.Where(one => all || one.Due <= now).Take(most).Select(one => one.Operation).ToList();
        due.ForEach(one => _waiting.Remove(one.Labelled!));
        return due;
    }

    /// <summary>Forgets labels that newer ones have overtaken.</summary>
    public void Supersede(IEnumerable<TicketOperation> newer)
    {
        foreach (var ticket in newer.Select(operation => operation.Labelled).OfType<string>())
        {
            _waiting.Remove(ticket);
        }
    }
}
