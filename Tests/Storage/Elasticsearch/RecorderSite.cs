using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using TicketAspire.Contracts;
using TicketAspire.Storage.Elasticsearch;
using TicketAspire.Tests.Support;

namespace TicketAspire.Tests.Storage.Elasticsearch;

/// <summary>A recorder at work, with a log, and what it logs and drops.</summary>
internal sealed class RecorderSite : IAsyncDisposable
{
    /// <summary>In a hurry, so that a test sees many tries in little time.</summary>
    public static readonly TicketWriting Hurried = new()
    {
        Every = TimeSpan.FromMilliseconds(1),
        Backoff = new(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(20)),
        MissingBackoff = new(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(5)),
        FlushTime = TimeSpan.FromMilliseconds(200),
    };

    private readonly ElasticsearchConnection _connection;
    private readonly ILoggerFactory _loggers;
    private long _heard;

    private RecorderSite(string address, TicketWriting writing, KeyValuePair<string, string?>[] settings)
    {
        Options = ElasticsearchOptions.From(new ConfigurationBuilder()
            .AddInMemoryCollection([new("ConnectionStrings:elasticsearch", address), .. settings])
            .Build());
        _connection = new ElasticsearchConnection(Options);
        _loggers = LoggerFactory.Create(logging => logging.AddProvider(Logs));
        Recorder = new ElasticsearchTicketRecorder(
            _connection, writing, TimeProvider.System, _loggers, count => Interlocked.Add(ref _heard, count));
        Log = new ElasticsearchTicketLog(_connection);
    }

    public ElasticsearchOptions Options { get; }

    public ElasticsearchTicketRecorder Recorder { get; }

    public ElasticsearchTicketLog Log { get; }

    public CapturedLogs Logs { get; } = new();

    /// <summary>How many drops were told.</summary>
    public long HeardOfDropped => Volatile.Read(ref _heard);

    public string AllLogs => string.Join('\n', Logs.All.Select(entry => entry.Words));

    public static async Task<RecorderSite> StartAsync(
        string address, TicketWriting? writing = null, params KeyValuePair<string, string?>[] settings)
    {
        var site = new RecorderSite(address, writing ?? Hurried, settings);
        await site.Recorder.StartAsync(CancellationToken.None);
        return site;
    }

    /// <summary>Tickets with these texts.</summary>
    public static Ticket[] Tickets(int count, string text = "the printer jams") =>
    [
        .. Enumerable.Range(0, count).Select(i => new Ticket
        {
            Id = Guid.CreateVersion7().ToString("N"), Classifier = "tickets", Text = $"{text} {i}", Prediction = "hardware",
            Confidence = 0.5, Route = Routes.Review, Model = 1, At = DateTimeOffset.UnixEpoch.AddSeconds(i),
        }),
    ];

    public static FeedbackEntry Label(Ticket ticket, string label, int second = 0) => new()
    {
        Id = 1, Classifier = ticket.Classifier, TicketId = ticket.Id, Text = ticket.Text, Prediction = ticket.Prediction, Label = label,
        At = DateTimeOffset.UnixEpoch.AddDays(1).AddSeconds(second),
    };

    public static Task IsSoAsync(string what, Func<bool> so) => Eventually.IsSoAsync(what, _ => Task.FromResult(so()), HttpCalls.Cancellation);

    public Task IsSentAsync() => IsSoAsync("all is sent", () => Recorder is { Waiting: 0, Problem: null });

    public async ValueTask DisposeAsync()
    {
        await Recorder.StopAsync(CancellationToken.None);
        Recorder.Dispose();
        _connection.Dispose();
        _loggers.Dispose();
        Logs.Dispose();
    }
}
