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

        public int Followers => _followers;

        public Task Followed => _followed.Task;

        public Task<long> LatestAsync(CancellationToken cancellation) => log.LatestAsync(cancellation);

        public Task AppendAsync(ServiceEvent change, CancellationToken cancellation) => log.AppendAsync(change, cancellation);

        public IAsyncEnumerable<ServiceEvent> FollowAsync(long after, CancellationToken cancellation)
        {
            Interlocked.Increment(ref _followers);
            _followed.TrySetResult();
            return log.FollowAsync(after, cancellation);
        }
    }
}
