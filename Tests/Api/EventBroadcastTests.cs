using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using TicketAspire.Api.Events;
using TicketAspire.Contracts;
using TicketAspire.Storage;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.Api;

/// <summary>How one follower of the log serves many listeners; on a real log, in which feedback makes the events.</summary>
public sealed class EventBroadcastTests
{
    private const int Listeners = 20;

    [Fact]
    public async Task Many_listeners_hear_every_event_once_in_order_while_the_log_is_followed_once()
    {
        await using var system = await RunningSystem.StartSmallAsync("tickets", "--Retraining:After=1000000");
        var log = new CountedLog(system.Store<IEventLog>());
        using var broadcast = await StartAsync(log);
        var latest = await log.LatestAsync(HttpCalls.Cancellation);
        var listeners = Enumerable.Range(0, Listeners).Select(_ => TakeAsync(broadcast, latest, 3)).ToArray();

        for (var i = 0; i < 3; i++)
        {
            await GiveFeedbackAsync(system);
        }

        var heard = await Task.WhenAll(listeners).WaitAsync(Eventually.Limit, HttpCalls.Cancellation);
        heard.ShouldAllBe(ids => ids.SequenceEqual(heard[0]));
        heard[0].ShouldBe([latest + 1, latest + 2, latest + 3]);
        log.Followers.ShouldBe(1);
        await broadcast.StopAsync(HttpCalls.Cancellation);
    }

    [Fact]
    public async Task A_listener_that_was_away_hears_what_is_remembered_and_one_from_further_back_asks_the_log()
    {
        await using var system = await RunningSystem.StartSmallAsync("tickets", "--Retraining:After=1000000");
        await GiveFeedbackAsync(system);
        var log = new CountedLog(system.Store<IEventLog>());
        var before = await log.LatestAsync(HttpCalls.Cancellation) - 1;
        using var broadcast = await StartAsync(log);
        var began = await log.LatestAsync(HttpCalls.Cancellation);
        await GiveFeedbackAsync(system);
        // Heard by one, and so remembered for the next.
        await TakeAsync(broadcast, began, 1).WaitAsync(Eventually.Limit, HttpCalls.Cancellation);

        (await TakeAsync(broadcast, began, 1)).ShouldBe([began + 1]);
        log.Followers.ShouldBe(1);
        (await TakeAsync(broadcast, before, 2)).ShouldBe([before + 1, before + 2]);
        log.Followers.ShouldBe(2);
        await broadcast.StopAsync(HttpCalls.Cancellation);
    }

    [Fact]
    public async Task Listeners_from_further_back_leave_the_log_once_they_have_caught_up_and_hear_each_event_once()
    {
        await using var system = await RunningSystem.StartSmallAsync("tickets", "--Retraining:After=1000000");
        var log = new CountedLog(system.Store<IEventLog>());
        var before = await log.LatestAsync(HttpCalls.Cancellation);
        for (var i = 0; i < 3; i++)
        {
            await GiveFeedbackAsync(system);
        }

        using var broadcast = new EventBroadcast(log, TimeProvider.System, NullLogger<EventBroadcast>.Instance);
        // Some come before it has begun.
        var listeners = Enumerable.Range(0, Listeners / 2).Select(_ => TakeAsync(broadcast, before, 15)).ToList();
        await broadcast.StartAsync(HttpCalls.Cancellation);
        listeners.AddRange(Enumerable.Range(0, Listeners / 2).Select(_ => TakeAsync(broadcast, before, 15)));
        for (var i = 0; i < 10; i++)
        {
            await GiveFeedbackAsync(system);
        }

        await Eventually.IsSoAsync("only the broadcast follows the log", _ => Task.FromResult(log.Following == 1), HttpCalls.Cancellation);
        for (var i = 0; i < 2; i++)
        {
            await GiveFeedbackAsync(system);
        }

        var heard = await Task.WhenAll(listeners).WaitAsync(Eventually.Limit, HttpCalls.Cancellation);
        heard.ShouldAllBe(ids => ids.SequenceEqual(Enumerable.Range(1, 15).Select(i => before + i)));
        log.Followers.ShouldBeGreaterThan(1);
        await broadcast.StopAsync(HttpCalls.Cancellation);
    }

    [Fact]
    public async Task A_log_that_has_lost_its_latest_events_is_begun_anew_and_listeners_come_back()
    {
        var log = new LosingLog();
        using var broadcast = new EventBroadcast(log, TimeProvider.System, NullLogger<EventBroadcast>.Instance);
        await broadcast.StartAsync(HttpCalls.Cancellation);
        await using var listener = broadcast.FollowAsync(10, HttpCalls.Cancellation).GetAsyncEnumerator(HttpCalls.Cancellation);
        var next = listener.MoveNextAsync();
        log.Tell(11);
        (await next.AsTask().WaitAsync(Eventually.Limit, HttpCalls.Cancellation)).ShouldBeTrue();

        log.Tell(9);

        (await listener.MoveNextAsync().AsTask().WaitAsync(Eventually.Limit, HttpCalls.Cancellation)).ShouldBeFalse("it is cut off");
        log.Tell(10);
        (await TakeAsync(broadcast, 8, 2).WaitAsync(Eventually.Limit, HttpCalls.Cancellation)).ShouldBe([9, 10]);
        await broadcast.StopAsync(HttpCalls.Cancellation);
    }

    [Fact]
    public async Task A_listener_that_does_not_listen_is_cut_off_and_the_others_go_on()
    {
        await using var system = await RunningSystem.StartSmallAsync("tickets", "--Retraining:After=1000000");
        var log = new CountedLog(system.Store<IEventLog>());
        using var broadcast = await StartAsync(log, waiting: 3);
        var latest = await log.LatestAsync(HttpCalls.Cancellation);
        await using var slow = broadcast.FollowAsync(latest, HttpCalls.Cancellation).GetAsyncEnumerator(HttpCalls.Cancellation);
        await using var brisk = broadcast.FollowAsync(latest, HttpCalls.Cancellation).GetAsyncEnumerator(HttpCalls.Cancellation);
        var first = slow.MoveNextAsync();

        for (var i = 1; i <= 8; i++)
        {
            var next = brisk.MoveNextAsync();
            await GiveFeedbackAsync(system);
            (await next.AsTask().WaitAsync(Eventually.Limit, HttpCalls.Cancellation)).ShouldBeTrue();
            brisk.Current.Id.ShouldBe(latest + i);
        }

        (await first).ShouldBeTrue();
        var heard = 1;
        while (await slow.MoveNextAsync().AsTask().WaitAsync(Eventually.Limit, HttpCalls.Cancellation))
        {
            heard++;
        }

        heard.ShouldBeInRange(3, 4, "what waited when it was cut off is still heard");
        await broadcast.StopAsync(HttpCalls.Cancellation);
    }

    private static async Task<EventBroadcast> StartAsync(CountedLog log, int waiting = 1000)
    {
        var broadcast = new EventBroadcast(log, TimeProvider.System, NullLogger<EventBroadcast>.Instance) { Waiting = waiting };
        await broadcast.StartAsync(HttpCalls.Cancellation);
        await log.Followed.WaitAsync(Eventually.Limit, HttpCalls.Cancellation);
        return broadcast;
    }

    private static async Task<List<long>> TakeAsync(EventBroadcast broadcast, long after, int count)
    {
        var ids = new List<long>();
        await foreach (var change in broadcast.FollowAsync(after, HttpCalls.Cancellation))
        {
            ids.Add(change.Id);
            if (ids.Count == count)
            {
                break;
            }
        }

        return ids;
    }

    private static Task<FeedbackResponse> GiveFeedbackAsync(RunningSystem system) =>
        system.Api.Http.PostAsync(
            "classifiers/tickets/feedback", new { text = "the fax is broken", true_label = "printer" }, ContractsJson.Default.FeedbackResponse);

    /// <summary>The real log, counting who follows it.</summary>
    private sealed class CountedLog(IEventLog log) : IEventLog
    {
        private readonly TaskCompletionSource _followed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _followers;
        private int _following;

        public int Followers => _followers;

        /// <summary>How many follow it now.</summary>
        public int Following => Volatile.Read(ref _following);

        public Task Followed => _followed.Task;

        public Task<long> LatestAsync(CancellationToken cancellation) => log.LatestAsync(cancellation);

        public Task AppendAsync(ServiceEvent change, CancellationToken cancellation) => log.AppendAsync(change, cancellation);

        public async IAsyncEnumerable<ServiceEvent> FollowAsync(long after, [EnumeratorCancellation] CancellationToken cancellation)
        {
            Interlocked.Increment(ref _followers);
            Interlocked.Increment(ref _following);
            _followed.TrySetResult();
            try
            {
                await foreach (var change in log.FollowAsync(after, cancellation))
                {
                    yield return change;
                }
            }
            finally
            {
                Interlocked.Decrement(ref _following);
            }
        }
    }

    /// <summary>Stands in for a log whose server was replaced by one that lacks the latest events.</summary>
    private sealed class LosingLog : IEventLog
    {
        private readonly Channel<ServiceEvent> _told = Channel.CreateUnbounded<ServiceEvent>();

        public void Tell(long id) => _told.Writer.TryWrite(
            new ServiceEvent { Id = id, Type = EventTypes.Classifier, Classifier = "tickets", At = DateTimeOffset.UnixEpoch });

        public Task<long> LatestAsync(CancellationToken cancellation) => Task.FromResult(10L);

        public Task AppendAsync(ServiceEvent change, CancellationToken cancellation) => Task.CompletedTask;

        public IAsyncEnumerable<ServiceEvent> FollowAsync(long after, CancellationToken cancellation) => _told.Reader.ReadAllAsync(cancellation);
    }
}
