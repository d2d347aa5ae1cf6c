using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Storage;
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
    public async Task An_unknown_id_is_found_nowhere()
    {
        (await Stores.Tickets.FindAsync("nothing", Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task Adding_no_tickets_is_nothing()
    {
        await Stores.Tickets.AddAsync([], Cancellation);

        (await ListAsync(new TicketQuery())).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task Tickets_of_one_call_are_recorded_all_or_none()
    {
        await CreateClassifierAsync();
        var stranger = Ticket("hello", classifier: "nobody");

        await Should.ThrowAsync<KeyNotFoundException>(
            () => Stores.Tickets.AddAsync([Ticket("hello"), stranger], Cancellation));

        (await ListAsync(new TicketQuery())).Items.ShouldBeEmpty();
        (await ListAsync(new TicketQuery { Search = "hello" })).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task Pages_are_newest_first_and_miss_and_repeat_nothing()
    {
        await CreateClassifierAsync();
        var tickets = Enumerable.Range(0, 7).Select(i => Ticket($"ticket {i}")).ToArray();
        await Stores.Tickets.AddAsync(tickets, Cancellation);

        var first = await ListAsync(new TicketQuery { Limit = 3 });
        await Stores.Tickets.AddAsync([Ticket("came in between")], Cancellation);
        var second = await ListAsync(new TicketQuery { Limit = 3, Before = first.Next });
        var third = await ListAsync(new TicketQuery { Limit = 3, Before = second.Next });

        first.Items.Concat(second.Items).Concat(third.Items).ShouldBe(tickets.Reverse());
        third.Items.Count.ShouldBe(1);
        third.Next.ShouldBeNull();
    }

    [Fact]
    public async Task A_page_that_ends_with_the_last_ticket_has_no_next()
    {
        await CreateClassifierAsync();
        await Stores.Tickets.AddAsync([Ticket("one"), Ticket("two")], Cancellation);

        (await ListAsync(new TicketQuery { Limit = 2 })).Next.ShouldBeNull();
        (await ListAsync(new TicketQuery { Limit = 1 })).Next.ShouldNotBeNull();
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

    [Fact]
    public async Task Conditions_must_all_hold()
    {
        await CreateClassifierAsync();
        await CreateClassifierAsync("intents");
        var wanted = Ticket("printer jams") with { Prediction = "hardware", Route = Routes.Review };
        await Stores.Tickets.AddAsync(
            [
                wanted,
                Ticket("printer jams") with { Prediction = "access", Route = Routes.Review },
                Ticket("printer jams") with { Prediction = "hardware", Route = Routes.Auto },
                Ticket("screen is dark") with { Prediction = "hardware", Route = Routes.Review },
                Ticket("printer jams", classifier: "intents") with { Prediction = "hardware", Route = Routes.Review },
            ],
            Cancellation);

        var page = await ListAsync(new TicketQuery
        {
            Classifier = "tickets", Search = "printer", Prediction = "hardware", Route = Routes.Review,
        });

        page.Items.ShouldBe([wanted]);
        (await ListAsync(new TicketQuery { Classifier = "intents" })).Items.Count.ShouldBe(1);
        (await ListAsync(new TicketQuery { Prediction = "access" })).Items.Count.ShouldBe(1);
        (await ListAsync(new TicketQuery { Route = Routes.Auto })).Items.Count.ShouldBe(1);
        (await ListAsync(new TicketQuery { Classifier = "nobody" })).Items.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("printer", true)]
    [InlineData("PRINTERS", true)]
    [InlineData("jam", true)]
    [InlineData("jammed printing", false)]
    [InlineData("certificates jamming", true)]
    [InlineData("certifica", true)]
    [InlineData("jamm", true)]
    [InlineData("certifica jamming", false)]
    [InlineData("jamming certifica", true)]
    [InlineData("cafe", true)]
    [InlineData("CAFÉ kuche", true)]
    [InlineData("cafe\u0301", true)]
    [InlineData("printer screen", false)]
    [InlineData("rinter", false)]
    [InlineData("printer, (certificate)!", true)]
    [InlineData("e-mail", true)]
    [InlineData("7.4", true)]
    [InlineData("打印机", true)]
    public async Task A_search_holds_all_words_or_inflections_and_the_last_may_be_a_beginning(string search, bool found)
    {
        await CreateClassifierAsync();
        await Stores.Tickets.AddAsync(
            [Ticket("The printer in the Café (Küche) is jamming: certificate 7.4 by e-mail 打印机")], Cancellation);

        (await ListAsync(new TicketQuery { Search = search })).Items.Count.ShouldBe(found ? 1 : 0);
    }

    [Theory]
    [InlineData("\"")]
    [InlineData("\"\"\"printer")]
    [InlineData("printer\"")]
    [InlineData("printer OR NOT")]
    [InlineData("AND")]
    [InlineData("NEAR(printer, 2)")]
    [InlineData("text:printer")]
    [InlineData("{text} : ^printer")]
    [InlineData("-printer +jams")]
    [InlineData("print*er*")]
    [InlineData("(((")]
    [InlineData("'; DROP TABLE tickets; --")]
    [InlineData("🚒🚒 🖨️")]
    [InlineData("a\0b")]
    [InlineData("\u0301\u200d\ufeff")]
    [InlineData("\ud83d printer")]
    [InlineData("ꟲ 𐐀ꟲ𞤀 \U0001E7E0x\U0001E7E0y का१२")]
    public async Task Nothing_that_is_typed_is_an_error(string search)
    {
        await CreateClassifierAsync();
        await Stores.Tickets.AddAsync([Ticket(search.Replace('\ud83d', 'x')), Ticket("other")], Cancellation);

        await Should.NotThrowAsync(() => ListAsync(new TicketQuery { Search = search }));
        (await ListAsync(new TicketQuery())).Items.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Operators_are_words()
    {
        await CreateClassifierAsync();
        var ticket = Ticket("do not print near the or");
        await Stores.Tickets.AddAsync([ticket, Ticket("print")], Cancellation);

        (await ListAsync(new TicketQuery { Search = "print OR NOT near" })).Items.ShouldBe([ticket]);
    }

    [Fact]
    public async Task A_search_may_be_thousands_of_words_long()
    {
        await CreateClassifierAsync();
        var text = string.Join(' ', Enumerable.Range(0, 3000).Select(i => $"word{i}"));
        await Stores.Tickets.AddAsync([Ticket(text), Ticket("word1 word2")], Cancellation);

        (await ListAsync(new TicketQuery { Search = text })).Items.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_blank_search_is_no_condition_and_one_without_a_word_finds_nothing()
    {
        await CreateClassifierAsync();
        await Stores.Tickets.AddAsync([Ticket("🚒 fire"), Ticket("water")], Cancellation);

        (await ListAsync(new TicketQuery { Search = " \t" })).Items.Count.ShouldBe(2);
        (await ListAsync(new TicketQuery { Search = "🚒" })).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task Found_tickets_come_in_pages_too()
    {
        await CreateClassifierAsync();
        var tickets = Enumerable.Range(0, 5).Select(i => Ticket($"printer {i}")).ToArray();
        await Stores.Tickets.AddAsync([.. tickets, Ticket("screen")], Cancellation);

        var first = await ListAsync(new TicketQuery { Search = "print", Limit = 3 });
        var second = await ListAsync(new TicketQuery { Search = "print", Limit = 3, Before = first.Next });

        first.Items.Concat(second.Items).ShouldBe(tickets.Reverse());
        second.Next.ShouldBeNull();
    }

    [Fact]
    public async Task A_limit_below_1_is_refused()
    {
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => ListAsync(new TicketQuery { Limit = 0 }));
    }

    private Task<Page<Ticket>> ListAsync(TicketQuery query) => Others.Tickets.ListAsync(query, Cancellation);

    private Ticket Ticket(string text, string classifier = "tickets")
    {
        Time.Advance(TimeSpan.FromMilliseconds(5));
        return new Ticket
        {
            Id = Guid.CreateVersion7(Time.GetUtcNow()).ToString("N"),
            Classifier = classifier,
            Text = text,
            Prediction = "hardware",
            Confidence = 0.75,
            Route = Routes.Review,
            Model = 1,
            At = Time.GetUtcNow(),
        };
    }
}
