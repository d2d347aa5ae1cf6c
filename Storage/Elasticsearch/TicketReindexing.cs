using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using TicketAspire.Contracts;

namespace TicketAspire.Storage.Elasticsearch;

/// <summary>
/// Writes tickets of the store into Elasticsearch: those that came before it was configured, and what was dropped while it was
/// away. What is there already stays, so it may be done again, and while tickets come in.
/// </summary>
public sealed class TicketReindexing
{
    /// <summary>How often in a row nothing is taken before it is given up.</summary>
    private const int Attempts = 6;

    private readonly ElasticsearchOptions _options;
    private readonly ITicketLog _tickets;
    private readonly TicketWriting _writing;
    private readonly TimeProvider _time;
    private readonly ElasticsearchSetup _setup;
    private readonly TicketBulk _bulk;
    private int _running;

    /// <summary>Prepares it.</summary>
    /// <param name="connection">The server.</param>
    /// <param name="tickets">The store's own log.</param>
    /// <param name="writing">How much at a time, and how long to wait after failures.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">For warnings.</param>
    public TicketReindexing(
        ElasticsearchConnection connection, ITicketLog tickets, TicketWriting writing, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(connection);
        _options = connection.Options;
        _tickets = tickets;
        _writing = writing;
        _time = time;
        _setup = new ElasticsearchSetup(connection, loggers.CreateLogger<ElasticsearchSetup>());
        _bulk = new TicketBulk(connection, loggers.CreateLogger<TicketBulk>());
    }

    /// <summary>Writes the tickets, newest first.</summary>
    /// <param name="which">Which, of those that are young enough to be kept in Elasticsearch at all.</param>
    /// <param name="cancellation">Gives up; what is written stays.</param>
    /// <returns>How far it is, after each batch.</returns>
    /// <exception cref="InvalidOperationException">One is at work in this process.</exception>
    /// <exception cref="StorageException">The store cannot be read, or Elasticsearch takes nothing.</exception>
    public async IAsyncEnumerable<ReindexProgress> RunAsync(
        TicketLogQuery which, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(which);
        if (Interlocked.Exchange(ref _running, 1) == 1)
        {
            throw new InvalidOperationException("Tickets are being written to Elasticsearch already");
        }

        try
        {
            await _setup.RunAsync(cancellation);
            var oldest = _time.GetUtcNow() - _options.KeepFor;
            var query = which with { From = which.From > oldest ? which.From : oldest, Limit = _writing.BatchSize };
            var (written, refused) = (0L, 0L);
            do
            {
                var page = await _tickets.SearchAsync(query, cancellation);
                foreach (var batch in Batches(page.Items))
                {
                    refused += await SendAsync(batch, cancellation);
                }

                written += page.Items.Count;
                yield return new ReindexProgress(written, refused, page.Items.Count > 0 ? page.Items[^1].At : null, page.Next is null);
                query = query with { Before = page.Next };
            }
            while (query.Before is not null);
        }
        finally
        {
            Volatile.Write(ref _running, 0);
        }
    }

    // A ticket and its label stay together: the label is for a ticket that was there already, without it or with an older one.
    private IEnumerable<List<TicketOperation>> Batches(IReadOnlyList<Ticket> tickets)
    {
        using var lines = new TicketLines(_options);
        var (batch, bytes) = (new List<TicketOperation>(), 0L);
        foreach (var ticket in tickets)
        {
            if (bytes >= _writing.BatchBytes)
            {
                yield return batch;
                (batch, bytes) = ([], 0);
            }

            batch.Add(new TicketOperation(lines.Of(ticket).ToArray(), Labelled: null));
            if (ticket.Label is not null)
            {
                batch.Add(new TicketOperation(lines.OfLabel(ticket).ToArray(), ticket.Id));
                bytes += batch[^1].Lines.Length;
            }

            bytes += batch[^1].Lines.Length;
        }

        yield return batch;
    }

    /// <summary>Sends operations until each is done or refused.</summary>
    /// <returns>How many are refused.</returns>
    private async Task<int> SendAsync(List<TicketOperation> batch, CancellationToken cancellation)
    {
        var refused = batch.RemoveAll(operation => operation.Lines.IsEmpty);
        for (var failures = 0; batch.Count > 0;)
        {
            try
            {
                var result = await _bulk.SendAsync(batch, cancellation);
                refused += result.Refused;
                if (result.Again.Count == 0)
                {
                    // A label without its ticket: that was refused.
                    return refused + result.Missing.Count;
                }

                failures = result.Again.Count + result.Missing.Count < batch.Count ? 1 : failures + 1;
                batch = [.. result.Again, .. result.Missing];
                if (failures >= Attempts)
                {
                    throw new StorageException($"Elasticsearch at {_options.Address} has too much to do");
                }
            }
            catch (StorageException) when (++failures < Attempts)
            {
                // It may be back in a moment.
            }

            await Task.Delay(_writing.Backoff.After(failures), _time, cancellation);
        }

        return refused;
    }
}
