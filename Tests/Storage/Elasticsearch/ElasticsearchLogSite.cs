using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using TicketAspire.Contracts;
using TicketAspire.Storage;
using TicketAspire.Storage.Elasticsearch;
using TicketAspire.Tests.Support;
using TicketAspire.Tests.Support.Elasticsearch;

namespace TicketAspire.Tests.Storage.Elasticsearch;

/// <summary>
/// A log of a name of its own: in the Elasticsearch or OpenSearch at <c>TICKETASPIRE_TEST_ELASTICSEARCH</c>, or where there is none
/// in a stand-in.
/// </summary>
public sealed class ElasticsearchLogSite : ITicketLogSite
{
    private static readonly string? Real = Environment.GetEnvironmentVariable("TICKETASPIRE_TEST_ELASTICSEARCH");

    private readonly string _prefix = $"test-{Guid.NewGuid():N}";
    private ElasticsearchStandIn? _standIn;
    private ElasticsearchConnection? _connection;
    private ElasticsearchTicketRecorder? _recorder;

    public ITicketLog Log { get; private set; } = null!;

    private ElasticsearchConnection Connection => _connection!;

    private ElasticsearchTicketRecorder Recorder => _recorder!;

    public async ValueTask StartAsync()
    {
        _standIn = string.IsNullOrWhiteSpace(Real) ? await ElasticsearchStandIn.StartAsync() : null;
        _connection = new ElasticsearchConnection(ElasticsearchOptions.From(new ConfigurationBuilder()
            .AddInMemoryCollection(
            [
                new("ConnectionStrings:elasticsearch", _standIn?.Address ?? Real), new("Elasticsearch:Prefix", _prefix),
            ])
            .Build()));
        _recorder = new ElasticsearchTicketRecorder(
            _connection, new TicketWriting { Every = TimeSpan.FromMilliseconds(5) }, TimeProvider.System, NullLoggerFactory.Instance, _ => { });
        await _recorder.StartAsync(CancellationToken.None);
        Log = new ElasticsearchTicketLog(_connection);
    }

    public async Task AddAsync(IReadOnlyList<Ticket> tickets, CancellationToken cancellation)
    {
        Recorder.Record(tickets);
        await Eventually.IsSoAsync(
            "the tickets can be found",
            async limit => Recorder.Waiting == 0 && (await FindAsync(tickets, limit)).Length == tickets.Count,
            cancellation);
    }

    public async Task LabelAsync(FeedbackEntry entry, CancellationToken cancellation)
    {
        Recorder.Label(entry);
        await Eventually.IsSoAsync(
            "the label can be found",
            async limit => (await AllAsync(limit)).Any(ticket => ticket.Id == entry.TicketId && ticket.LabelledAt == entry.At),
            cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (_recorder is not null)
        {
            await _recorder.StopAsync(CancellationToken.None);
            _recorder.Dispose();
        }

        if (_connection is not null)
        {
            await ClearAsync();
            _connection.Dispose();
        }

        if (_standIn is not null)
        {
            await _standIn.DisposeAsync();
        }
    }

    private async Task<Ticket[]> FindAsync(IReadOnlyList<Ticket> tickets, CancellationToken cancellation) =>
        [.. (await AllAsync(cancellation)).IntersectBy(tickets.Select(ticket => ticket.Id), ticket => ticket.Id)];

    private async Task<IReadOnlyList<Ticket>> AllAsync(CancellationToken cancellation)
    {
        using var refreshed = await Connection.AskAsync(HttpMethod.Post, $"{_prefix}-tickets-*/_refresh", null, cancellation);
        return (await Log.SearchAsync(new TicketLogQuery { Limit = 1_000 }, cancellation)).Items;
    }

    // A wildcard is not enough: Elasticsearch 8 deletes only what is named.
    private async Task ClearAsync()
    {
        using var indices = await Connection.AskAsync(HttpMethod.Get, $"{_prefix}-tickets-*/_settings", null, CancellationToken.None);
        string[] names = [.. indices.Body.EnumerateObject().Select(index => index.Name)];
        foreach (var path in (string[])[.. names, $"_index_template/{_prefix}-tickets", $"_ilm/policy/{_prefix}-tickets", $"_plugins/_ism/policies/{_prefix}-tickets"])
        {
            // Of the policies the server knows one kind.
            using var deleted = await Connection.AskAsync(HttpMethod.Delete, path, null, CancellationToken.None);
        }
    }
}

/// <summary>The log in Elasticsearch, held to the contract.</summary>
public sealed class ElasticsearchTicketLogTests() : TicketLogContract(new ElasticsearchLogSite());
