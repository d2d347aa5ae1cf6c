using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Storage;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.Storage;

public abstract class TicketStoreContract(IStoreSite site) : StoreContract(site)
{
    [Fact]
    public async Task A_ticket_comes_back_as_it_was()
    {
        await CreateClassifierAsync();
        var ticket = Ticket("VPN drops — Москва 🚒\n\"now\"") with { Confidence = 0.123456789, Model = 3 };

        await Stores.Tickets.AddAsync([ticket], Cancellation);

        (await Others.Tickets.FindAsync(ticket.Id, Cancellation)).ShouldBe(ticket);
    }

    [Fact]
    public async Task A_ticket_tells_who_labelled_it_last_and_when()
    {
        await CreateClassifierAsync();
        var ticket = Ticket("printer jams");
        await Stores.Tickets.AddAsync([ticket], Cancellation);
        var first = Entry(ticket.Text, "access") with { TicketId = ticket.Id, Who = "anna", At = Time.GetUtcNow() };
        await Stores.Feedback.AddAsync(first, null, Cancellation);
        (await Others.Tickets.FindAsync(ticket.Id, Cancellation))
            .ShouldBe(ticket with { Label = "access", Who = "anna", LabelledAt = first.At });

        var second = first with { Label = "hardware", Who = null, At = first.At.AddSeconds(1) };
        await Stores.Feedback.AddAsync(second, null, Cancellation);

        (await Others.Tickets.FindAsync(ticket.Id, Cancellation)).ShouldBe(ticket with { Label = "hardware", LabelledAt = second.At });
    }

    [Fact]
    public async Task An_unknown_id_is_found_nowhere()
    {
        (await Stores.Tickets.FindAsync("nothing", Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task Adding_no_tickets_is_nothing()
    {
        await Stores.Tickets.AddAsync([], Cancellation);

        (await ListAsync(new TicketLogQuery())).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task Tickets_of_one_call_are_recorded_all_or_none()
    {
        await CreateClassifierAsync();
        var stranger = Ticket("hello", classifier: "nobody");

        await Should.ThrowAsync<KeyNotFoundException>(
            () => Stores.Tickets.AddAsync([Ticket("hello"), stranger], Cancellation));

        (await ListAsync(new TicketLogQuery())).Items.ShouldBeEmpty();
        (await ListAsync(new TicketLogQuery { Search = "hello" })).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_review_queue_has_what_waits_for_a_person_least_sure_first()
    {
        await CreateClassifierAsync();
        await CreateClassifierAsync("intents");
        var waiting = new[] { 0.3, 0.5, 0.1, 0.3, 0.4 }
            .Select((confidence, i) => Ticket($"ticket {i}") with { Route = Routes.Review, Confidence = confidence }).ToArray();
        await Stores.Tickets.AddAsync(
            [
                .. waiting,
                Ticket("routed") with { Route = Routes.Auto, Confidence = 0.99 },
                Ticket("decided") with { Route = Routes.Review, Confidence = 0.2, Label = "access" },
                Ticket("another's", classifier: "intents") with { Route = Routes.Review },
            ],
            Cancellation);

        var first = await Others.Tickets.ReviewAsync("tickets", null, 2, Cancellation);
        // The one at which the page ended is decided; what follows it is still found.
        await Stores.Feedback.AddAsync(Entry(waiting[0].Text) with { TicketId = first.Items[^1].Id }, null, Cancellation);
        var second = await Others.Tickets.ReviewAsync("tickets", first.Next, 2, Cancellation);
        var third = await Others.Tickets.ReviewAsync("tickets", second.Next, 2, Cancellation);

        first.Waiting.ShouldBe(5);
        second.Waiting.ShouldBe(4);
        first.Items.Concat(second.Items).Concat(third.Items)
            .ShouldBe(waiting.OrderBy(ticket => ticket.Confidence).ThenBy(ticket => ticket.Id, StringComparer.Ordinal));
        third.Next.ShouldBeNull();
        (await Others.Tickets.ReviewAsync("tickets", "no ticket", 9, Cancellation)).Items.Count.ShouldBe(4);
        (await Others.Tickets.ReviewAsync("nobody", null, 2, Cancellation)).ShouldBeEquivalentTo(new ReviewPage(new List<Ticket>(), null, 0));
    }

    private Task<Page<Ticket>> ListAsync(TicketLogQuery query) => Others.Log.SearchAsync(query, Cancellation);

    private Ticket Ticket(string text, string classifier = "tickets") => StoredTickets.Next(Time, text, classifier);
}
