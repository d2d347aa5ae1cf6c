namespace TicketAspire.Storage.Elasticsearch;

/// <summary>
/// Operations that wait to be sent, in the order in which they came. Room is limited by number and by bytes; where there is
/// none left, the oldest go. Adding never waits. One reader.
/// </summary>
internal sealed class TicketBuffer(int most, long mostBytes)
{
    private readonly Lock _lock = new();
    private readonly Queue<TicketOperation> _waiting = new();
    private TaskCompletionSource? _signal;
    private int _wanted;
    private long _bytes;

    /// <summary>How many wait.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Adds one.</summary>
    /// <returns>How many had to go for it.</returns>
    public int Add(TicketOperation operation)
    {
        lock (_lock)
        {
            var dropped = 0;
            while (_waiting.Count > 0 && (_waiting.Count >= most || _bytes + operation.Size > mostBytes))
            {
                _bytes -= _waiting.Dequeue().Size;
                dropped++;
            }

            _waiting.Enqueue(operation);
            _bytes += operation.Size;
            if (_waiting.Count >= _wanted)
            {
                _signal?.TrySetResult();
            }

            return dropped;
        }
    }

    /// <summary>Takes the oldest: so many, of so many bytes, but at least one if there is one.</summary>
    public List<TicketOperation> Take(int count, long bytes)
    {
        lock (_lock)
        {
            var taken = new List<TicketOperation>();
            while (taken.Count < count && _waiting.TryPeek(out var next) && (taken.Count == 0 || next.Size <= bytes))
            {
                taken.Add(_waiting.Dequeue());
                _bytes -= next.Size;
                bytes -= next.Size;
            }

            return taken;
        }
    }

    /// <summary>Resolves when so many wait.</summary>
    public Task WaitAsync(int count, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (_waiting.Count >= count)
            {
                return Task.CompletedTask;
            }

            _wanted = count;
            _signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _signal.Task.WaitAsync(cancellation);
        }
    }
}
