using Shouldly;
using TicketAspire.Contracts;
using Xunit;

namespace TicketAspire.Tests.Storage;

public abstract class EventLogContract(IStoreSite site) : StoreContract(site)
{
    [Fact]
    public async Task The_latest_event_is_0_when_there_is_none()
    {
        (await Stores.Events.LatestAsync(Cancellation)).ShouldBe(0);
    }

    [Fact]
    public async Task The_latest_event_is_the_last_one_appended_in_any_process()
    {
        await CreateClassifierAsync();
        var before = await Others.Events.LatestAsync(Cancellation);

        await Stores.Runs.RequestAsync("tickets", RunTrigger.Request, Cancellation);

        (await Others.Events.LatestAsync(Cancellation)).ShouldBe(before + 1);
    }

    [Fact]
    public async Task What_happened_before_is_read_from_where_the_listener_left_off()
    {
        await CreateClassifierAsync("first");
        var seen = await Stores.Events.LatestAsync(Cancellation);
        await CreateClassifierAsync("second");
        await CreateClassifierAsync("third");

        var events = await Stores.Events.FollowAsync(seen, Cancellation).TakeAsync(2, Cancellation);

        events.Select(change => change.Classifier).ShouldBe(["second", "third"]);
        events.Select(change => change.Id).ShouldBe([seen + 1, seen + 2]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_happens_while_listening_is_heard_from_the_same_and_from_another_process(bool same)
    {
        await CreateClassifierAsync();
        var seen = await Stores.Events.LatestAsync(Cancellation);
        await using var listener = Stores.Events.FollowAsync(seen, Cancellation).GetAsyncEnumerator(Cancellation);
        var teller = same ? Stores : Others;

        for (var i = 0; i < 3; i++)
        {
            var heard = listener.MoveNextAsync();
            heard.IsCompleted.ShouldBeFalse();
            var entry = await teller.Feedback.AddAsync(Entry($"ticket {i}"), null, Cancellation);

            (await heard).ShouldBeTrue();
            listener.Current.Type.ShouldBe(EventTypes.Feedback);
            listener.Current.Unseen.ShouldBe(entry.Id);
        }
    }

    [Fact]
    public async Task Every_listener_hears_everything_once_and_in_order_whoever_writes()
    {
        await CreateClassifierAsync();
        var seen = await Stores.Events.LatestAsync(Cancellation);
        const int Count = 600;
        var listeners = new[] { Stores, Others, Others }
            .Select(stores => Task.Run(() => stores.Events.FollowAsync(seen, Cancellation).TakeAsync(Count, Cancellation)))
            .ToArray();

        await Task.WhenAll(Enumerable.Range(0, Count).Select(i => Task.Run(() =>
            (i % 2 == 0 ? Stores : Others).Feedback.AddAsync(Entry($"ticket {i}"), null, Cancellation))));

        foreach (var events in await Task.WhenAll(listeners))
        {
            events.Select(change => change.Id).ShouldBe(Enumerable.Range(1, Count).Select(i => seen + i));
            events.Select(change => change.Unseen).ShouldBe(Enumerable.Range(1, Count).Select(i => (long?)i));
        }
    }

    [Fact]
    public async Task Listening_ends_by_cancellation()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await using var listener = Stores.Events.FollowAsync(0, stop.Token).GetAsyncEnumerator(stop.Token);
        var heard = listener.MoveNextAsync();

        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(async () => await heard);
    }

    [Fact]
    public async Task An_event_carries_what_it_is_about()
    {
        await CreateClassifierAsync();
        var events = await EventsOfAsync(() => TrainAsync(promote: true));

        var runs = events.Where(change => change.Type == EventTypes.Run).Select(change => change.Run!.State);
        runs.ShouldBe([RunState.Queued, RunState.Running, RunState.Promoted]);
        var champion = events.Single(change => change.Type == EventTypes.Champion);
        champion.Model.ShouldBe(1);
        champion.Classifier.ShouldBe("tickets");
        champion.At.ShouldBe(Time.GetUtcNow());
        champion.Run.ShouldBeNull();
    }
}
