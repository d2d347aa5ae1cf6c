using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Storage;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.Storage;

public abstract class TicketLogContract(ITicketLogSite site) : IAsyncLifetime
{
    private readonly ManualTime _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => site.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await site.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_ticket_comes_back_as_it_was_and_as_it_was_labelled()
    {
        var ticket = Ticket("VPN drops — Москва 🚒\n\"now\"") with { Confidence = 0.123456789, Model = 3 };
        await AddAsync([ticket]);
        (await SearchAsync(new TicketLogQuery())).Items.ShouldBe([ticket]);

        var labelled = await LabelAsync(ticket, "access", "anna");
        (await SearchAsync(new TicketLogQuery())).Items.ShouldBe([labelled]);
        labelled = await LabelAsync(ticket, "hardware");

        labelled.Who.ShouldBeNull();
        (await SearchAsync(new TicketLogQuery())).Items.ShouldBe([labelled]);
    }

    [Fact]
    public async Task Pages_are_newest_first_and_miss_and_repeat_nothing()
    {
        var tickets = Enumerable.Range(0, 7).Select(i => Ticket($"ticket {i}")).ToArray();
        await AddAsync(tickets);

        var first = await SearchAsync(new TicketLogQuery { Limit = 3 });
        await AddAsync([Ticket("came in between")]);
        var second = await SearchAsync(new TicketLogQuery { Limit = 3, Before = first.Next });
        var third = await SearchAsync(new TicketLogQuery { Limit = 3, Before = second.Next });

        first.Items.Concat(second.Items).Concat(third.Items).ShouldBe(tickets.Reverse());
        third.Items.Count.ShouldBe(1);
        third.Next.ShouldBeNull();
    }

    [Fact]
    public async Task A_page_that_ends_with_the_last_ticket_has_no_next()
    {
        await AddAsync([Ticket("one"), Ticket("two")]);

        (await SearchAsync(new TicketLogQuery { Limit = 2 })).Next.ShouldBeNull();
        (await SearchAsync(new TicketLogQuery { Limit = 1 })).Next.ShouldNotBeNull();
    }

    [Fact]
    public async Task Conditions_must_all_hold()
    {
        var wanted = Ticket("printer jams") with { Prediction = "hardware", Route = Routes.Review };
        await AddAsync(
            [
                wanted,
                Ticket("printer jams") with { Prediction = "access", Route = Routes.Review },
                Ticket("printer jams") with { Prediction = "hardware", Route = Routes.Auto },
                Ticket("screen is dark") with { Prediction = "hardware", Route = Routes.Review },
                Ticket("printer jams", classifier: "intents") with { Prediction = "hardware", Route = Routes.Review },
            ]);

        var page = await SearchAsync(new TicketLogQuery
        {
            Classifier = "tickets", Search = "printer", Prediction = "hardware", Route = Routes.Review,
        });

        page.Items.ShouldBe([wanted]);
        (await SearchAsync(new TicketLogQuery { Classifier = "intents" })).Items.Count.ShouldBe(1);
        (await SearchAsync(new TicketLogQuery { Prediction = "access" })).Items.Count.ShouldBe(1);
        (await SearchAsync(new TicketLogQuery { Route = Routes.Auto })).Items.Count.ShouldBe(1);
        (await SearchAsync(new TicketLogQuery { Classifier = "nobody" })).Items.ShouldBeEmpty();
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
        await AddAsync(
            [Ticket("The printer in the Café (Küche) is jamming: certificate 7.4 by e-mail 打印机")]);

        (await SearchAsync(new TicketLogQuery { Search = search })).Items.Count.ShouldBe(found ? 1 : 0);
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
        await AddAsync([Ticket(search.Replace('\ud83d', 'x')), Ticket("other")]);

        await Should.NotThrowAsync(() => SearchAsync(new TicketLogQuery { Search = search }));
        (await SearchAsync(new TicketLogQuery())).Items.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Operators_are_words()
    {
        var ticket = Ticket("do not print near the or");
        await AddAsync([ticket, Ticket("print")]);

        (await SearchAsync(new TicketLogQuery { Search = "print OR NOT near" })).Items.ShouldBe([ticket]);
    }

    [Fact]
    public async Task A_search_may_be_thousands_of_words_long()
    {
        var text = string.Join(' ', Enumerable.Range(0, 3000).Select(i => $"word{i}"));
        await AddAsync([Ticket(text), Ticket("word1 word2")]);

        (await SearchAsync(new TicketLogQuery { Search = text })).Items.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_blank_search_is_no_condition_and_one_without_a_word_finds_nothing()
    {
        await AddAsync([Ticket("🚒 fire"), Ticket("water")]);

        (await SearchAsync(new TicketLogQuery { Search = " \t" })).Items.Count.ShouldBe(2);
        (await SearchAsync(new TicketLogQuery { Search = "🚒" })).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task Found_tickets_come_in_pages_too()
    {
        var tickets = Enumerable.Range(0, 5).Select(i => Ticket($"printer {i}")).ToArray();
        await AddAsync([.. tickets, Ticket("screen")]);

        var first = await SearchAsync(new TicketLogQuery { Search = "print", Limit = 3 });
        var second = await SearchAsync(new TicketLogQuery { Search = "print", Limit = 3, Before = first.Next });

        first.Items.Concat(second.Items).ShouldBe(tickets.Reverse());
        second.Next.ShouldBeNull();
    }

    [Fact]
    public async Task A_limit_below_1_is_refused()
    {
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => SearchAsync(new TicketLogQuery { Limit = 0 }));
    }

    [Fact]
    public async Task A_page_that_follows_no_page_is_refused()
    {
        foreach (var before in new[] { "nothing", "-", "12-", "-a", "1e3-a", "" })
        {
            await Should.ThrowAsync<ArgumentException>(() => SearchAsync(new TicketLogQuery { Before = before }), before);
        }
    }

    [Fact]
    public async Task Tickets_of_the_same_moment_are_in_the_order_of_their_ids()
    {
        var at = _time.GetUtcNow();
        var tickets = Enumerable.Range(0, 5).Select(_ => Ticket("one moment") with { At = at, Id = Guid.CreateVersion7(at).ToString("N") })
            .OrderByDescending(ticket => ticket.Id, StringComparer.Ordinal).ToArray();
        await AddAsync([tickets[2], tickets[0], tickets[4], tickets[1], tickets[3]]);

        var first = await SearchAsync(new TicketLogQuery { Limit = 2 });
        var second = await SearchAsync(new TicketLogQuery { Limit = 2, Before = first.Next });
        var third = await SearchAsync(new TicketLogQuery { Limit = 2, Before = second.Next });

        first.Items.Concat(second.Items).Concat(third.Items).ShouldBe(tickets);
    }

    [Fact]
    public async Task Labels_agreement_people_models_and_times_are_conditions_too()
    {
        var (agreed, corrected, open) = (Ticket("one"), Ticket("two") with { Model = 2 }, Ticket("three") with { Model = 2 });
        await AddAsync([agreed, corrected, open]);
        agreed = await LabelAsync(agreed, agreed.Prediction, "anna");
        corrected = await LabelAsync(corrected, "access", "ben");

        (await SearchAsync(new TicketLogQuery { Label = "access" })).Items.ShouldBe([corrected]);
        (await SearchAsync(new TicketLogQuery { Classifier = "tickets", Label = agreed.Prediction })).Items.ShouldBe([agreed]);
        (await SearchAsync(new TicketLogQuery { Agreed = true })).Items.ShouldBe([agreed]);
        (await SearchAsync(new TicketLogQuery { Agreed = false })).Items.ShouldBe([corrected]);
        (await SearchAsync(new TicketLogQuery { Who = "ben" })).Items.ShouldBe([corrected]);
        (await SearchAsync(new TicketLogQuery { Who = "be" })).Items.ShouldBeEmpty();
        (await SearchAsync(new TicketLogQuery { Model = 2 })).Items.ShouldBe([open, corrected]);
        (await SearchAsync(new TicketLogQuery { Model = 2, Agreed = false, Search = "two", Who = "ben" })).Items.ShouldBe([corrected]);
        (await SearchAsync(new TicketLogQuery { From = corrected.At })).Items.ShouldBe([open, corrected]);
        (await SearchAsync(new TicketLogQuery { To = corrected.At })).Items.ShouldBe([agreed]);
        (await SearchAsync(new TicketLogQuery { From = corrected.At, To = open.At })).Items.ShouldBe([corrected]);
    }

    [Fact]
    public async Task A_condition_holds_for_the_tickets_of_all_classifiers_in_one_order()
    {
        var tickets = Enumerable.Range(0, 7).Select(i => Ticket($"ticket {i}", classifier: i % 3 == 1 ? "intents" : "tickets") with { Model = 2 }).ToArray();
        await AddAsync([.. tickets, Ticket("another's"), Ticket("and one more", classifier: "intents")]);
        tickets[4] = await LabelAsync(tickets[4], "access", "anna");
        tickets[5] = await LabelAsync(tickets[5], "access", "anna");

        var first = await SearchAsync(new TicketLogQuery { Model = 2, Limit = 3 });
        var second = await SearchAsync(new TicketLogQuery { Model = 2, Limit = 3, Before = first.Next });
        var third = await SearchAsync(new TicketLogQuery { Model = 2, Limit = 3, Before = second.Next });

        first.Items.Concat(second.Items).Concat(third.Items).ShouldBe(tickets.Reverse());
        third.Next.ShouldBeNull();
        (await SearchAsync(new TicketLogQuery { Who = "anna", Agreed = false, Route = tickets[4].Route })).Items.ShouldBe([tickets[5], tickets[4]]);
        (await SearchAsync(new TicketLogQuery { Who = "anna", Search = "ticket 4" })).Items.ShouldBe([tickets[4]]);
    }

    [Fact]
    public async Task The_latest_label_counts()
    {
        var ticket = Ticket("one");
        await AddAsync([ticket]);
        await LabelAsync(ticket, "access");
        var latest = await LabelAsync(ticket, ticket.Prediction);

        (await SearchAsync(new TicketLogQuery { Label = "access" })).Items.ShouldBeEmpty();
        (await SearchAsync(new TicketLogQuery { Agreed = true })).Items.ShouldBe([latest]);
    }

    [Fact]
    public async Task Tickets_of_many_months_are_one_log()
    {
        var tickets = new List<Ticket>();
        for (var month = 0; month < 4; month++)
        {
            tickets.Add(Ticket("monthly report"));
            _time.Advance(TimeSpan.FromDays(31));
        }

        await AddAsync(tickets);
        var labelled = await LabelAsync(tickets[0], "access");

        var first = await SearchAsync(new TicketLogQuery { Search = "report", Limit = 3 });
        var second = await SearchAsync(new TicketLogQuery { Search = "report", Limit = 3, Before = first.Next });
        first.Items.Concat(second.Items).ShouldBe([tickets[3], tickets[2], tickets[1], labelled]);
    }

    [Fact]
    public async Task Similar_tickets_share_telling_words_and_the_most_similar_comes_first()
    {
        var close = Ticket("the paper tray of the laser printer is jammed again");
        var further = Ticket("the laser printer in the hall prints nothing at all");
        var another = Ticket("the paper tray of the laser printer is jammed", classifier: "intents");
        var itself = Ticket("paper jam in the tray of our laser printer");
        Ticket[] others = [.. Enumerable.Range(0, 8).Select(i => Ticket($"the payroll of month {i} is in the mail"))];
        await AddAsync([further, .. others, close, itself, another]);
        close = await LabelAsync(close, "access", "anna");

        var similar = await SimilarAsync(new SimilarityQuery(itself.Text) { Classifier = "tickets", Except = itself.Id, Limit = 2 });

        similar.Select(one => one.Ticket).ShouldBe([close, further]);
        similar[0].Score.ShouldBe(1);
        similar[1].Score.ShouldBeInRange(double.Epsilon, 0.99);
        (await SimilarAsync(new SimilarityQuery(itself.Text) { Classifier = "tickets", Limit = 1 }))[0].Ticket.ShouldBe(itself);
        (await SimilarAsync(new SimilarityQuery(itself.Text) { Limit = 3 })).Select(one => one.Ticket).ShouldContain(another);
    }

    [Theory]
    [InlineData("zebra crossing")]
    [InlineData("🚒 ...")]
    [InlineData("")]
    [InlineData("\" OR * NEAR( \0")]
    public async Task Nothing_is_like_a_text_without_a_word_that_tickets_share(string text)
    {
        await AddAsync([Ticket("the printer is jammed"), Ticket("the screen is dark")]);

        (await SimilarAsync(new SimilarityQuery(text))).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_ticket_may_be_like_a_very_long_text()
    {
        var ticket = Ticket("jammed printer tray");
        await AddAsync([ticket, Ticket("payroll")]);
        var text = "jammed printer tray " + string.Join(' ', Enumerable.Repeat("jammed printer tray", 3000));

        (await SimilarAsync(new SimilarityQuery(text))).Select(one => one.Ticket).ShouldBe([ticket]);
    }

    [Fact]
    public async Task Statistics_of_a_log_without_tickets_are_empty()
    {
        var start = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

        var statistics = await site.Log.StatisticsAsync(new StatisticsQuery(start, start.AddHours(3), StatisticsInterval.Hour), Cancellation);

        statistics.Total.Tickets.ShouldBe(0);
        statistics.Periods.Count.ShouldBe(3);
        statistics.Periods.ShouldAllBe(period => period.Figures.Tickets == 0);
    }

    [Fact]
    public async Task Statistics_count_by_time_prediction_route_and_model()
    {
        var start = _time.GetUtcNow();
        var tickets = new List<Ticket>();
        for (var i = 0; i < 6; i++)
        {
            tickets.Add(Ticket($"number {i}") with
            {
                Prediction = i < 4 ? "hardware" : "access",
                Route = i < 4 ? Routes.Auto : Routes.Review,
                Model = i < 3 ? 1 : 2,
                Confidence = 0.9,
            });
            _time.Advance(TimeSpan.FromHours(12));
        }

        await AddAsync([.. tickets, Ticket("another's", classifier: "intents")]);
        await LabelAsync(tickets[0], "hardware");
        await LabelAsync(tickets[1], "access");
        await LabelAsync(tickets[5], "access");

        var statistics = await site.Log.StatisticsAsync(
            new StatisticsQuery(start, start.AddDays(4), StatisticsInterval.Day) { Classifier = "tickets" }, Cancellation);

        var total = statistics.Total;
        (total.Tickets, total.Auto, total.Labelled, total.Agreed).ShouldBe((6, 4, 3, 2));
        total.Predictions.ShouldBe([new GroupFigures("hardware", 4, 2, 1), new GroupFigures("access", 2, 1, 1)]);
        total.Routes.ShouldBe([new GroupFigures(Routes.Auto, 4, 2, 1), new GroupFigures(Routes.Review, 2, 1, 1)]);
        total.Models.ShouldBe([new GroupFigures("1", 3, 2, 1), new GroupFigures("2", 3, 1, 1)]);
        total.Confidence.ShouldNotBeNull().Average.ShouldBe(0.9, 1e-6);
        // The clock stands at eight in the morning: days are UTC's.
        statistics.Periods.Select(period => (period.Start, period.Figures.Tickets)).ShouldBe(
        [
            (start.AddHours(-8), 2), (start.AddHours(16), 2), (start.AddHours(40), 2), (start.AddHours(64), 0), (start.AddHours(88), 0),
        ]);
        var second = statistics.Periods[1].Figures;
        (second.Auto, second.Labelled, second.Agreed).ShouldBe((2, 0, 0));
        second.Models.ShouldBe([new GroupFigures("1", 1, 0, 0), new GroupFigures("2", 1, 0, 0)]);
        statistics.Periods[3].Figures.Confidence.ShouldBeNull();
        statistics.Periods[3].Figures.Predictions.ShouldBeEmpty();
    }

    [Fact]
    public async Task Statistics_are_of_the_time_that_is_asked_for_and_nothing_else()
    {
        var tickets = Enumerable.Range(0, 4).Select(i => Ticket($"number {i}")).ToArray();
        await AddAsync(tickets);

        var statistics = await site.Log.StatisticsAsync(
            new StatisticsQuery(tickets[1].At, tickets[3].At, StatisticsInterval.Hour), Cancellation);

        statistics.Total.Tickets.ShouldBe(2);
        statistics.Periods.Count.ShouldBe(1);
        statistics.Periods[0].Figures.Tickets.ShouldBe(2);
    }

    [Fact]
    public async Task Confidences_are_told_by_average_and_percentiles()
    {
        var tickets = Enumerable.Range(0, 101).Select(i => Ticket("same") with { Confidence = i / 100.0 }).ToArray();
        await AddAsync(tickets);

        var confidence = (await site.Log.StatisticsAsync(
            new StatisticsQuery(tickets[0].At, tickets[^1].At.AddSeconds(1), StatisticsInterval.Day), Cancellation)).Total.Confidence.ShouldNotBeNull();

        confidence.Average.ShouldBe(0.5, 0.001);
        confidence.P10.ShouldBe(0.1, 0.02);
        confidence.P50.ShouldBe(0.5, 0.02);
        confidence.P90.ShouldBe(0.9, 0.02);
    }

    [Theory]
    [InlineData(StatisticsInterval.Hour, "2025-03-05T10:00Z", "2025-03-05T11:00Z")]
    [InlineData(StatisticsInterval.Day, "2025-03-05T00:00Z", "2025-03-06T00:00Z")]
    [InlineData(StatisticsInterval.Week, "2025-03-03T00:00Z", "2025-03-10T00:00Z")]
    [InlineData(StatisticsInterval.Month, "2025-03-01T00:00Z", "2025-04-01T00:00Z")]
    public async Task Periods_begin_where_the_calendar_says(StatisticsInterval interval, string first, string second)
    {
        var start = DateTimeOffset.Parse("2025-03-05T10:30Z", System.Globalization.CultureInfo.InvariantCulture);
        var following = DateTimeOffset.Parse(second, System.Globalization.CultureInfo.InvariantCulture);
        _time.Advance(start - _time.GetUtcNow());
        var early = Ticket("early");
        _time.Advance(following - _time.GetUtcNow());
        await AddAsync([early, Ticket("late"), Ticket("later")]);

        var statistics = await site.Log.StatisticsAsync(new StatisticsQuery(start, following.AddSeconds(1), interval), Cancellation);

        statistics.Periods.Select(period => (period.Start, period.Figures.Tickets)).ShouldBe(
            [(DateTimeOffset.Parse(first, System.Globalization.CultureInfo.InvariantCulture), 1), (following, 2)]);
    }

    [Fact]
    public async Task A_time_that_ends_before_it_begins_or_has_too_many_periods_is_refused()
    {
        var start = _time.GetUtcNow();
        foreach (var (end, interval) in new[]
        {
            (start, StatisticsInterval.Day), (start.AddDays(-1), StatisticsInterval.Day),
            (start.AddDays(StatisticsQuery.MostPeriods + 1), StatisticsInterval.Day), (DateTimeOffset.MaxValue, StatisticsInterval.Hour),
        })
        {
            await Should.ThrowAsync<ArgumentException>(() => site.Log.StatisticsAsync(new StatisticsQuery(start, end, interval), Cancellation));
        }
    }

    private Task<Page<Ticket>> SearchAsync(TicketLogQuery query) => site.Log.SearchAsync(query, Cancellation);

    private Task<IReadOnlyList<SimilarTicket>> SimilarAsync(SimilarityQuery query) => site.Log.SimilarAsync(query, Cancellation);

    private Task AddAsync(IReadOnlyList<Ticket> tickets) => site.AddAsync(tickets, Cancellation);

    /// <summary>Labels a ticket and returns it as it should be found.</summary>
    private async Task<Ticket> LabelAsync(Ticket ticket, string label, string? who = null)
    {
        _time.Advance(TimeSpan.FromMilliseconds(5));
        await site.LabelAsync(
            new FeedbackEntry
            {
                Id = 0, Classifier = ticket.Classifier, TicketId = ticket.Id, Text = ticket.Text, Prediction = ticket.Prediction,
                Label = label, Who = who, At = _time.GetUtcNow(),
            },
            Cancellation);
        return ticket with { Label = label, Who = who, LabelledAt = _time.GetUtcNow() };
    }

    private Ticket Ticket(string text, string classifier = "tickets") => StoredTickets.Next(_time, text, classifier);
}
