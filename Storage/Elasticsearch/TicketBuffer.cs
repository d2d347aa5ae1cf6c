using System.Buffers;
using System.IO.Pipelines;

namespace TicketAspire.Storage.Elasticsearch;

/// <summary>
/// Operations that wait to be sent, in the order in which they came. Room is limited by number and by bytes; where there is
/// none left, the oldest go. Adding never waits. One reader, whose part is counted until it says otherwise.
/// </summary>
/// <remarks>
/// They wait as bytes in large blocks. As ten thousand objects, the next garbage collection would move them all, in a pause that
/// every request meets.
/// </remarks>
internal sealed class TicketBuffer(int most, long mostBytes)
{
    // Above the 85,000 bytes from which on the collector leaves an object where it is.
    private const int Block = 1 << 18;

    private readonly Lock _lock = new();
    private readonly Queue<(int Length, string? Labelled)> _waiting = new();
    // Never full: what there is room for is decided here.
    private readonly Pipe _lines = new(new PipeOptions(pauseWriterThreshold: 0, minimumSegmentSize: Block, useSynchronizationContext: false));
    private TaskCompletionSource? _signal;
    private int _wanted;
    private int _sending;
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

    /// <summary>How many wait or are being sent.</summary>
    public int Unsent
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count + _sending;
            }
        }
    }

    /// <summary>Adds one.</summary>
    /// <param name="lines">Its lines, which are copied.</param>
    /// <param name="labelled">The id of the ticket that it labels; null if it creates one.</param>
    /// <returns>How many had to go for it.</returns>
    public int Add(ReadOnlySpan<byte> lines, string? labelled)
    {
        lock (_lock)
        {
            var (dropped, bytes) = (0, 0L);
            while (_waiting.TryPeek(out var oldest)
                && (_waiting.Count >= most || _bytes - bytes + lines.Length > mostBytes))
            {
                _waiting.Dequeue();
                bytes += oldest.Length;
                dropped++;
            }

            Consume(bytes, []);
            Append(lines);
            _waiting.Enqueue((lines.Length, labelled));
            if (_waiting.Count >= _wanted)
            {
                _signal?.TrySetResult();
            }

            return dropped;
        }
    }

    /// <summary>Takes the oldest: so many, of so many bytes, but at least one if there is one. They are being sent from now on.</summary>
    public List<TicketOperation> Take(int count, long bytes)
    {
        lock (_lock)
        {
            var (taken, total) = (0, 0);
            foreach (var (length, _) in _waiting.Take(count))
            {
                if (taken > 0 && total + (long)length > bytes)
                {
                    break;
                }

                taken++;
                total += length;
            }

            _sending = taken;
            var lines = new byte[total];
            Consume(total, lines);
            var operations = new List<TicketOperation>(taken);
            var start = 0;
            for (var i = 0; i < taken; i++)
            {
                var (length, labelled) = _waiting.Dequeue();
                operations.Add(new TicketOperation(lines.AsMemory(start, length), labelled));
                start += length;
            }

            return operations;
        }
    }

    /// <summary>Says how many are being sent now.</summary>
    public void Send(int count)
    {
        lock (_lock)
        {
            _sending = count;
        }
    }

    /// <summary>Lets all go, also what is being sent.</summary>
    /// <returns>How many.</returns>
    public int Clear()
    {
        lock (_lock)
        {
            var count = _waiting.Count + _sending;
            _waiting.Clear();
            _sending = 0;
            Consume(_bytes, []);
            return count;
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

    private void Append(ReadOnlySpan<byte> lines)
    {
        _lines.Writer.Write(lines);
        var flushing = _lines.Writer.FlushAsync();
        if (!flushing.IsCompletedSuccessfully)
        {
            throw new InvalidOperationException("A pipe without a limit makes its writer wait");
        }

        _bytes += lines.Length;
    }

    // The oldest bytes, copied if there is room for them.
    private void Consume(long bytes, Span<byte> copy)
    {
        if (bytes == 0 || !_lines.Reader.TryRead(out var result))
        {
            return;
        }

        var oldest = result.Buffer.Slice(0, bytes);
        if (!copy.IsEmpty)
        {
            oldest.CopyTo(copy);
        }

        _lines.Reader.AdvanceTo(oldest.End);
        _bytes -= bytes;
    }
}
