using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Storage;
using TicketAspire.Storage.Redis;
using TicketAspire.Storage.Sqlite;
using TicketAspire.Tests.Support;
using TicketAspire.Tests.Support.Redis;
using Xunit;

namespace TicketAspire.Tests.Storage.Redis;

/// <summary>A replica that takes the master's place and lacks the latest entries, whose numbers it gives again.</summary>
public sealed class RedisLossTests(SharedRedis shared)
{
    private static CancellationToken Cancellation => HttpCalls.Cancellation;

    // Fewer than were lost, as many, and more.
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    public async Task Tickets_that_come_after_a_loss_are_found_and_lost_ones_no_more(int count)
    {
        RedisServer.Require();
        await using var failover = await Failover.BeginAsync();
        await failover.AddTicketsAsync("kept1", "kept2");
        await failover.CutOffAsync();
        await failover.AddTicketsAsync("lost1", "lost2", "lost3");
        (await failover.TicketsAsync()).ShouldBe(["kept1", "kept2", "lost1", "lost2", "lost3"]);

        await failover.PromoteAsync();
        (await failover.Tickets.FindAsync("kept2", Cancellation)).ShouldNotBeNull();
        string[] later = [.. Enumerable.Range(1, count).Select(i => $"new{i}")];
        await failover.AddTicketsAsync(later);

        (await failover.TicketsAsync()).ShouldBe([.. new[] { "kept1", "kept2" }, .. later]);
        (await failover.Tickets.FindAsync("new1", Cancellation)).ShouldNotBeNull();
        (await failover.Tickets.FindAsync("lost1", Cancellation)).ShouldBeNull();
        (await failover.Log.SearchAsync(new TicketLogQuery { Search = "about", Limit = 100 }, Cancellation)).Items.Count.ShouldBe(2 + count);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(3, true)]
    [InlineData(7, true)]
    [InlineData(1, false)]
    [InlineData(7, false)]
    public async Task Events_that_come_after_a_loss_are_heard_once_each(int count, bool heardBefore)
    {
        RedisServer.Require();
        await using var failover = await Failover.BeginAsync();
        await failover.TellAsync("kept");
        await failover.CutOffAsync();
        var latest = await failover.Events.LatestAsync(Cancellation);
        if (!heardBefore)
        {
            await failover.TellAsync("lost1", "lost2", "lost3");
        }

        await using var listener = failover.Events
            .FollowAsync(heardBefore ? latest : latest + 3, Cancellation).GetAsyncEnumerator(Cancellation);
        var next = listener.MoveNextAsync();
        if (heardBefore)
        {
            await failover.TellAsync("lost1", "lost2", "lost3");
            for (var i = 1; i <= 3; i++)
            {
                (await NextAsync()).ShouldBe($"lost{i}");
            }
        }
        else
        {
            // It has looked once.
            await failover.HasAskedAsync("xrange");
        }

        await failover.PromoteAsync();
        string[] later = [.. Enumerable.Range(1, count).Select(i => $"new{i}")];
        await failover.TellAsync(later);

        foreach (var expected in later)
        {
            (await NextAsync()).ShouldBe(expected);
        }

        await failover.TellAsync("last");
        (await NextAsync()).ShouldBe("last");

        async Task<string> NextAsync()
        {
            (await next.AsTask().WaitAsync(Eventually.Limit, Cancellation)).ShouldBeTrue();
            var heard = listener.Current.Classifier;
            next = heard == "last" ? default : listener.MoveNextAsync();
            return heard;
        }
    }

    [Fact]
    public async Task A_listener_that_comes_with_an_id_of_what_was_lost_hears_what_comes()
    {
        await using var site = new RedisSite(shared);
        var events = site.Open().Events;
        await events.AppendAsync(Event("before"), Cancellation);
        var heard = Eventually.WithinLimitAsync(
            "the next is heard", async limit => await events.FollowAsync(1_000, limit).TakeAsync(1, limit), Cancellation);
        // Whether it looks before or after, it cannot miss this for good.
        while (!heard.IsCompleted)
        {
            await events.AppendAsync(Event("after"), Cancellation);
            await Task.Yield();
        }

        (await heard).ShouldHaveSingleItem().Classifier.ShouldBe("after");
    }

    [Fact]
    public async Task Nothing_is_read_anew_where_nothing_was_lost_however_many_write_and_read()
    {
        await using var site = new RedisSite(shared);
        await using var store = new RedisStore(shared.Server.ConnectionString, site.Name);
        await using var index = new RedisTicketIndex(store);
        var writers = new[] { site.Open(), site.Open() };
        var dataset = await writers[0].Datasets.SaveAsync([new Example("about a", "a")], Cancellation);
        await writers[0].Classifiers.PutAsync("tickets", LabelKind.Category, dataset.Hash, Cancellation);
        await writers[0].Tickets.AddAsync([Ticket("first")], Cancellation);
        var copy = await index.PresentAsync(Cancellation);
        // Only in this copy: it would not come again.
        await copy.WriteAsync(connection => SqliteTickets.Add(connection, [Ticket("mark")]), Cancellation);

        var writing = Task.WhenAll(Enumerable.Range(0, 400).Select(i => Task.Run(() => i % 4 == 0
            ? writers[i % 2].Feedback.AddAsync(
                new FeedbackEntry { Id = 0, Classifier = "tickets", TicketId = "first", Text = "t", Label = "a", At = DateTimeOffset.UnixEpoch }, null, Cancellation)
            : writers[i % 2].Tickets.AddAsync([Ticket($"t{i}")], Cancellation))));
        while (!writing.IsCompleted)
        {
            await index.PresentAsync(Cancellation);
        }

        await writing;
        await index.PresentAsync(Cancellation);
        (await copy.ReadAsync(connection => connection.Number("SELECT count(*) FROM tickets"), Cancellation)).ShouldBe(302);
        (await copy.ReadAsync(connection => connection.Any("SELECT 1 FROM tickets WHERE id = 'mark'"), Cancellation)).ShouldBeTrue();
    }

    private static ServiceEvent Event(string about) =>
        new() { Type = EventTypes.Classifier, Classifier = about, At = DateTimeOffset.UnixEpoch };

    private static Ticket Ticket(string id) => new()
    {
        Id = id, Classifier = "tickets", Text = $"about {id}", Prediction = "a", Confidence = 0.5, Route = "review", Model = 1, At = DateTimeOffset.UnixEpoch,
    };

    /// <summary>A master, its replica, and a process that uses the master.</summary>
    private sealed class Failover : IAsyncDisposable
    {
        private readonly RedisServer _master;
        private readonly RedisServer _replica;
        private readonly RedisStore _store;
        private readonly RedisTicketIndex _index;
        private RedisServer _serving;

        private Failover(RedisServer master, RedisServer replica)
        {
            (_master, _replica, _serving) = (master, replica, master);
            _store = new RedisStore(master.ConnectionString);
            _index = new RedisTicketIndex(_store);
            Tickets = new RedisTicketStore(_store, _index);
            Log = new RedisTicketLog(_index);
            Events = new RedisEventLog(_store);
        }

        public RedisTicketStore Tickets { get; }

        public RedisTicketLog Log { get; }

        public RedisEventLog Events { get; }

        public static async Task<Failover> BeginAsync()
        {
            var master = await RedisServer.StartAsync();
            var replica = await RedisServer.StartAsync();
            await replica.ReplicateAsync(master);
            var failover = new Failover(master, replica);
            var dataset = await new RedisDatasetStore(failover._store, TimeProvider.System).SaveAsync([new Example("about a", "a")], Cancellation);
            await new RedisClassifierStore(failover._store, TimeProvider.System).PutAsync("tickets", LabelKind.Category, dataset.Hash, Cancellation);
            return failover;
        }

        public async Task AddTicketsAsync(params string[] ids)
        {
            foreach (var id in ids)
            {
                await Tickets.AddAsync([Ticket(id)], Cancellation);
            }
        }

        public async Task TellAsync(params string[] about)
        {
            foreach (var one in about)
            {
                await Events.AppendAsync(Event(one), Cancellation);
            }
        }

        public async Task<string[]> TicketsAsync() =>
            [.. (await Log.SearchAsync(new TicketLogQuery { Limit = 100 }, Cancellation)).Items.Select(ticket => ticket.Id).Order(StringComparer.Ordinal)];

        /// <summary>The replica has what there is now, and nothing that comes.</summary>
        public async Task CutOffAsync()
        {
            await Eventually.IsSoAsync(
                "the replica has it",
                async _ => await SizesAsync(_replica) == await SizesAsync(_master),
                Cancellation);
            await _replica.CallAsync("REPLICAOF", "NO", "ONE");
        }

        /// <summary>The replica is used from now on.</summary>
        public async Task PromoteAsync()
        {
            await _master.KillAsync();
            _store.Connection.MoveTo(_replica.ConnectionString);
            _serving = _replica;
            await Eventually.IsSoAsync(
                "it is used",
                async limit =>
                {
                    try
                    {
                        await _store.AskAsync(database => database.PingAsync(), limit);
                        return true;
                    }
                    catch (StorageException)
                    {
                        return false;
                    }
                },
                Cancellation);
        }

        public Task HasAskedAsync(string command) => Eventually.IsSoAsync(
            $"{command} was asked",
            async _ => (await _serving.CallAsync("INFO", "commandstats")).Contains($"cmdstat_{command}:", StringComparison.Ordinal),
            Cancellation);

        public async ValueTask DisposeAsync()
        {
            await _index.DisposeAsync();
            await _store.DisposeAsync();
            await _master.DisposeAsync();
            await _replica.DisposeAsync();
        }

        private async Task<string> SizesAsync(RedisServer server) =>
            await server.CallAsync("XLEN", (string)_store.Key("tickets")!) + await server.CallAsync("XLEN", (string)_store.Key("events")!)
            + await server.CallAsync("GET", (string)_store.Key("event-id")!);
    }
}
