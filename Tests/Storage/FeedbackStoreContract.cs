using System.Globalization;
using Shouldly;
using TicketAspire.Contracts;
using Xunit;

namespace TicketAspire.Tests.Storage;

public abstract class FeedbackStoreContract(IStoreSite site) : StoreContract(site)
{
    [Fact]
    public async Task An_entry_comes_back_as_it_was_with_its_id()
    {
        await CreateClassifierAsync();
        var entry = Entry() with { Prediction = "access", Who = "the night shift", TicketId = "unknown", At = Time.GetUtcNow() };

        var added = await Stores.Feedback.AddAsync(entry, null, Cancellation);

        added.Id.ShouldBeGreaterThan(0);
        added.ShouldBe(entry with { Id = added.Id });
        (await Others.Feedback.ReadAsync("tickets", Cancellation)).ShouldBe([added]);
    }

    [Fact]
    public async Task The_returned_time_is_the_one_that_is_kept()
    {
        await CreateClassifierAsync();
        var at = new DateTimeOffset(2025, 1, 1, 2, 0, 0, TimeSpan.FromHours(2)).AddTicks(12_345);

        var added = await Stores.Feedback.AddAsync(Entry() with { At = at }, null, Cancellation);

        added.At.ShouldBe(new DateTimeOffset(2025, 1, 1, 0, 0, 0, 1, TimeSpan.Zero));
        (await Others.Feedback.ReadAsync("tickets", Cancellation)).ShouldBe([added]);
    }

    [Fact]
    public async Task Ids_count_up_over_all_classifiers()
    {
        await CreateClassifierAsync();
        await CreateClassifierAsync("intents");

        var first = await Stores.Feedback.AddAsync(Entry(), null, Cancellation);
        var second = await Others.Feedback.AddAsync(Entry(classifier: "intents"), null, Cancellation);
        var third = await Stores.Feedback.AddAsync(Entry(), null, Cancellation);

        second.Id.ShouldBeGreaterThan(first.Id);
        third.Id.ShouldBeGreaterThan(second.Id);
        (await Stores.Feedback.ReadAsync("tickets", Cancellation)).ShouldBe([first, third]);
        (await Stores.Feedback.CountAfterAsync("tickets", 0, Cancellation)).ShouldBe(2);
        (await Stores.Feedback.CountAfterAsync("tickets", first.Id, Cancellation)).ShouldBe(1);
        (await Stores.Feedback.CountAfterAsync("tickets", third.Id, Cancellation)).ShouldBe(0);
        (await Stores.Feedback.CountAfterAsync("nobody", 0, Cancellation)).ShouldBe(0);
    }

    [Fact]
    public async Task The_ticket_it_is_about_gets_its_label_and_the_latest_word_wins()
    {
        await CreateClassifierAsync();
        await CreateClassifierAsync("intents");
        await Stores.Tickets.AddAsync([Ticket("a"), Ticket("b")], Cancellation);

        await Stores.Feedback.AddAsync(Entry(label: "hardware") with { TicketId = "a" }, null, Cancellation);
        await Others.Feedback.AddAsync(Entry(label: "access") with { TicketId = "a" }, null, Cancellation);
        await Others.Feedback.AddAsync(Entry(label: "greet", classifier: "intents") with { TicketId = "b" }, null, Cancellation);

        (await Stores.Tickets.FindAsync("a", Cancellation))!.Label.ShouldBe("access");
        (await Stores.Tickets.FindAsync("b", Cancellation))!.Label.ShouldBeNull();
    }

    [Fact]
    public async Task The_same_key_again_changes_nothing_and_returns_the_first_entry()
    {
        await CreateClassifierAsync();
        await Stores.Tickets.AddAsync([Ticket("a")], Cancellation);
        var first = await Stores.Feedback.AddAsync(Entry() with { TicketId = "a" }, "key", Cancellation);

        var events = await EventsOfAsync(async () =>
        {
            var again = await Others.Feedback.AddAsync(Entry(label: "access") with { TicketId = "a" }, "key", Cancellation);
            again.ShouldBe(first);
        });

        events.ShouldBeEmpty();
        (await Stores.Feedback.ReadAsync("tickets", Cancellation)).ShouldBe([first]);
        (await Stores.Tickets.FindAsync("a", Cancellation))!.Label.ShouldBe("hardware");
    }

    [Fact]
    public async Task Another_classifier_may_use_the_same_key()
    {
        await CreateClassifierAsync();
        await CreateClassifierAsync("intents");

        var one = await Stores.Feedback.AddAsync(Entry(), "key", Cancellation);
        var other = await Stores.Feedback.AddAsync(Entry(classifier: "intents"), "key", Cancellation);

        other.Id.ShouldNotBe(one.Id);
    }

    [Fact]
    public async Task A_key_sent_many_times_at_once_is_recorded_once()
    {
        await CreateClassifierAsync();

        var entries = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() =>
            (i % 2 == 0 ? Stores : Others).Feedback.AddAsync(Entry($"text {i}"), "key", Cancellation))));

        entries.Distinct().Count().ShouldBe(1);
        (await Stores.Feedback.ReadAsync("tickets", Cancellation)).ShouldBe([entries[0]]);
    }

    [Fact]
    public async Task An_unknown_classifier_is_refused()
    {
        await Should.ThrowAsync<KeyNotFoundException>(
            () => Stores.Feedback.AddAsync(Entry(classifier: "nobody"), null, Cancellation));

        (await Stores.Feedback.ReadAsync("nobody", Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_event_tells_how_many_entries_no_model_has_seen()
    {
        await CreateClassifierAsync();
        await CreateClassifierAsync("intents");
        await Stores.Feedback.AddAsync(Entry(classifier: "intents"), null, Cancellation);
        var seen = await Stores.Feedback.AddAsync(Entry(), null, Cancellation);
        await TrainAsync(promote: false, mark: seen.Id);

        var events = await EventsOfAsync(async () =>
        {
            await Stores.Feedback.AddAsync(Entry(), null, Cancellation);
            await Others.Feedback.AddAsync(Entry(), null, Cancellation);
        });

        events.Select(change => change.Type).ShouldBe([EventTypes.Feedback, EventTypes.Feedback]);
        events.Select(change => change.Unseen).ShouldBe([1, 2]);
        events.ShouldAllBe(change => change.Classifier == "tickets" && change.At == Time.GetUtcNow());
    }

    [Fact]
    public async Task Pages_are_newest_first_and_miss_and_repeat_nothing()
    {
        await CreateClassifierAsync();
        var entries = new List<FeedbackEntry>();
        for (var i = 0; i < 7; i++)
        {
            entries.Add(await Stores.Feedback.AddAsync(Entry($"text {i}"), null, Cancellation));
        }

        entries.Reverse();
        var read = new List<FeedbackEntry>();
        long? before = null;
        var pages = 0;
        do
        {
            var page = await Others.Feedback.ListAsync("tickets", before, 3, Cancellation);
            read.AddRange(page.Items);
            before = page.Next is null ? null : long.Parse(page.Next, CultureInfo.InvariantCulture);
            pages++;
        }
        while (before is not null);

        read.ShouldBe(entries);
        pages.ShouldBe(3);
        (await Stores.Feedback.ListAsync("tickets", null, 7, Cancellation)).Next.ShouldBeNull();
        (await Stores.Feedback.ListAsync("nobody", null, 7, Cancellation)).Items.ShouldBeEmpty();
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => Stores.Feedback.ListAsync("tickets", null, 0, Cancellation));
    }

    [Fact]
    public async Task The_first_so_many_entries_of_the_classifier_can_be_left_out()
    {
        await CreateClassifierAsync();
        await CreateClassifierAsync("others");
        for (var i = 1; i <= 4; i++)
        {
            await Stores.Feedback.AddAsync(Entry($"text {i}"), null, Cancellation);
            await Stores.Feedback.AddAsync(Entry($"other {i}", classifier: "others"), null, Cancellation);
        }

        foreach (var skip in Enumerable.Range(0, 6))
        {
            var read = await Others.Feedback.ReadAsync("tickets", skip, Cancellation);
            read.Select(entry => entry.Text).ShouldBe(Enumerable.Range(1, 4).Skip(skip).Select(i => $"text {i}"));
        }

        (await Others.Feedback.ReadAsync("nobody", 1, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_many_parallel_writers_in_two_processes_every_entry_is_there_once()
    {
        await CreateClassifierAsync();
        const int Writers = 16;
        const int Each = 50;

        var added = await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            var stores = writer % 2 == 0 ? Stores : Others;
            var mine = new List<FeedbackEntry>();
            for (var i = 0; i < Each; i++)
            {
                mine.Add(await stores.Feedback.AddAsync(Entry($"writer {writer} text {i}"), null, Cancellation));
            }

            return mine;
        })));

        var read = await Stores.Feedback.ReadAsync("tickets", Cancellation);
        read.ShouldBe(added.SelectMany(mine => mine).OrderBy(entry => entry.Id));
        read.Select(entry => entry.Text).Distinct().Count().ShouldBe(Writers * Each);
    }

    [Fact]
    public async Task Giving_up_before_anything_was_done_records_nothing()
    {
        await CreateClassifierAsync();

        await Should.ThrowAsync<OperationCanceledException>(
            () => Stores.Feedback.AddAsync(Entry(), null, new CancellationToken(canceled: true)));

        (await Stores.Feedback.CountAfterAsync("tickets", 0, Cancellation)).ShouldBe(0);
    }

    private Ticket Ticket(string id) => new()
    {
        Id = id,
        Classifier = "tickets",
        Text = "my printer jams",
        Prediction = "access",
        Confidence = 0.5,
        Route = Routes.Review,
        Model = 1,
        At = Time.GetUtcNow(),
    };
}
