using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TicketAspire.Contracts;

namespace TicketAspire.Storage.Elasticsearch;

/// <summary>
/// Writes tickets and labels to Elasticsearch, aside from those who tell of them, together and in their order. While it is away
/// they wait in a buffer of limited size.
/// </summary>
public sealed partial class ElasticsearchTicketRecorder : BackgroundService, ITicketRecorder
{
    private readonly ElasticsearchOptions _options;
    private readonly TicketWriting _writing;
    private readonly ElasticsearchSetup _setup;
    private readonly TicketBulk _bulk;
    private readonly TicketBuffer _buffer;
    private readonly MissingTickets _missing;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Action<long> _dropping;
    private bool _isSetUp;
    private int _failures;
    private long _dropped;
    private long _droppedBefore;
    private volatile string? _problem;

    /// <summary>Prepares it; it works from its start as a hosted service to its stop.</summary>
    /// <param name="connection">The server.</param>
    /// <param name="writing">How much at a time, and how often.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">For warnings.</param>
    /// <param name="dropped">Hears how many tickets or labels were dropped; must not wait.</param>
    public ElasticsearchTicketRecorder(
        ElasticsearchConnection connection, TicketWriting writing, TimeProvider time, ILoggerFactory loggers, Action<long> dropped)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(writing);
        _options = connection.Options;
        _writing = writing;
        _time = time;
        _dropping = dropped;
        _logger = loggers.CreateLogger<ElasticsearchTicketRecorder>();
        _setup = new ElasticsearchSetup(connection, loggers.CreateLogger<ElasticsearchSetup>());
        _bulk = new TicketBulk(connection, loggers.CreateLogger<TicketBulk>());
        _buffer = new TicketBuffer(writing.MostWaiting, writing.MostBytes);
        _missing = new MissingTickets(writing, time);
    }

    /// <summary>How many tickets and labels were dropped since the start.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>How many wait or are being sent.</summary>
    public int Waiting => _buffer.Unsent;

    /// <summary>Why what waits cannot be written at the moment; null if it can.</summary>
    public string? Problem => _problem;

    /// <inheritdoc/>
    public void Record(IReadOnlyList<Ticket> tickets)
    {
        ArgumentNullException.ThrowIfNull(tickets);
        using var lines = new TicketLines(_options);
        foreach (var ticket in tickets)
        {
            Add(lines.Of(ticket), labelled: null);
        }
    }

    /// <inheritdoc/>
    public void Label(FeedbackEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (entry.TicketId is { } ticket)
        {
            using var lines = new TicketLines(_options);
            Add(lines.Of(ticket, entry), labelled: ticket);
        }
    }

    /// <summary>Ends, after what waits is sent or the time for it is over; the rest is dropped, and counted.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (ExecuteTask is { IsCanceled: true })
        {
            // Stopped before it began to work: what waits is still to be sent.
            await ExecuteAsync(new CancellationToken(canceled: true));
        }

        if (ExecuteTask is null or { IsCompleted: true })
        {
            Drop(_buffer.Clear() + _missing.Take(int.MaxValue, all: true).Count);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var end = new CancellationTokenSource();
        await using var stopping = stoppingToken.Register(() => end.CancelAfter(_writing.FlushTime));
        try
        {
            await SetUpAsync(stoppingToken, end.Token);
            while (await NextAsync(stoppingToken) is { Count: > 0 } batch)
            {
                await SendAsync(batch, end.Token);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The time for it is over.
        }
    }

    // Before there is anything to write, so that whoever looks finds what there is to find.
    private async Task SetUpAsync(CancellationToken stopping, CancellationToken end)
    {
        while (!_isSetUp && !stopping.IsCancellationRequested && _buffer.Count == 0)
        {
            await TrySendAsync([], end);
            await PauseAsync(stopping);
        }
    }

    /// <summary>What is to be sent next, once it is time; nothing when the end has come and all is sent.</summary>
    private async Task<List<TicketOperation>> NextAsync(CancellationToken stopping)
    {
        while (true)
        {
            await WaitAsync(1, _missing.Wait ?? Timeout.InfiniteTimeSpan, stopping);
            await WaitAsync(_writing.BatchSize, _writing.Every, stopping);
            var ended = stopping.IsCancellationRequested;
            var newest = _buffer.Take(_writing.BatchSize, _writing.BatchBytes);
            _missing.Supersede(newest);
            List<TicketOperation> batch = [.. _missing.Take(_writing.BatchSize, ended), .. newest];
            _buffer.Send(batch.Count);
            if (batch.Count > 0 || ended)
            {
                return batch;
            }
        }
    }

    private async Task SendAsync(List<TicketOperation> batch, CancellationToken end)
    {
        while (batch.Count > 0)
        {
            batch = await TrySendAsync(batch, end);
            _buffer.Send(batch.Count);
            await PauseAsync(end);
        }
    }

    /// <summary>Sends a batch once the indices are set up.</summary>
    /// <returns>What must be sent again.</returns>
    private async Task<List<TicketOperation>> TrySendAsync(List<TicketOperation> batch, CancellationToken end)
    {
        try
        {
            if (!_isSetUp)
            {
                await _setup.RunAsync(end);
                _isSetUp = true;
            }

            var result = batch.Count == 0 ? TicketBulkResult.Nothing : await _bulk.SendAsync(batch, end);
            Drop(result.Refused + _missing.Add(result.Missing));
            if (result.Again.Count == 0)
            {
                NoteSuccess();
            }
            else
            {
                NoteFailure($"Elasticsearch at {_options.Address} has too much to do");
            }

            return result.Again;
        }
        catch (StorageException exception)
        {
            // What comes back may be another server, without what was set up.
            _isSetUp = false;
            NoteFailure(exception.Message);
            return batch;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Whatever a server answers, it must not bring the service down.
            LogUnexpected(_logger, exception.GetType().Name, exception.StackTrace);
            Drop(batch.Count);
            _failures++;
            return [];
        }
    }

    private void NoteSuccess()
    {
        if (_problem is not null)
        {
            LogBack(_logger, _options.Address, Dropped - _droppedBefore);
        }

        _droppedBefore = Dropped;
        _problem = null;
        _failures = 0;
    }

    private void NoteFailure(string problem)
    {
        if (_problem is null)
        {
            LogAway(_logger, problem);
        }

        _problem = problem;
        _failures++;
    }

    private async Task PauseAsync(CancellationToken cancellation)
    {
        var wait = _writing.Backoff.After(_failures);
        if (wait > TimeSpan.Zero)
        {
            // Up to half as long again: many processes shall not come back all at once.
            const int Parts = 1_000;
            wait += wait / 2 * (RandomNumberGenerator.GetInt32(Parts) / (double)Parts);
            await Task.Delay(wait, _time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task WaitAsync(int count, TimeSpan most, CancellationToken stopping)
    {
        using var timer = new CancellationTokenSource(most, _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, stopping);
        await _buffer.WaitAsync(count, limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Add(ReadOnlySpan<byte> lines, string? labelled) => Drop(lines.IsEmpty ? 1 : _buffer.Add(lines, labelled));

    private void Drop(int count)
    {
        if (count > 0)
        {
            Interlocked.Add(ref _dropped, count);
            _dropping(count);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Tickets wait to be written to the log: {Problem}")]
    private static partial void LogAway(ILogger logger, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Elasticsearch at {Address} takes tickets again; {Dropped} tickets and labels were dropped meanwhile")]
    private static partial void LogBack(ILogger logger, Uri address, long dropped);

    [LoggerMessage(Level = LogLevel.Error, Message = "Tickets could not be written to the log: {Exception} {Stack}")]
    private static partial void LogUnexpected(ILogger logger, string exception, string? stack);
}
