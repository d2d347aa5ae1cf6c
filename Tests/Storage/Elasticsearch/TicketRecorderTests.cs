using System.Net;
using Shouldly;
using TicketAspire.Storage;
using TicketAspire.Tests.Support;
using TicketAspire.Tests.Support.Elasticsearch;
using Xunit;

namespace TicketAspire.Tests.Storage.Elasticsearch;

/// <summary>What the contract does not tell: how tickets get to Elasticsearch, and what happens while it is not well.</summary>
public sealed class TicketRecorderTests
{
    private static CancellationToken Cancellation => HttpCalls.Cancellation;

    [Fact]
    public async Task Tickets_are_sent_together_and_in_order_to_the_index_of_their_month()
    {
        await using var elastic = await ElasticsearchStandIn.StartAsync();
        await using var site = await RecorderSite.StartAsync(elastic.Address, RecorderSite.Hurried with { Every = TimeSpan.FromSeconds(30), BatchSize = 200 });
        var tickets = RecorderSite.Tickets(200);
        var old = tickets[0] with { Id = Guid.CreateVersion7(new DateTimeOffset(2025, 12, 31, 23, 59, 0, TimeSpan.Zero)).ToString("N") };

        site.Recorder.Record([old, .. tickets[1..]]);
        await site.IsSentAsync();

        elastic.Documents.Count.ShouldBe(200);
        elastic.Indices.ShouldContain("ticketaspire-tickets-2025.12");
        elastic.Indices.Count.ShouldBe(2);
        elastic.Requests.Count(request => request.Contains("_bulk", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task Nobody_waits_while_it_is_down_and_all_is_delivered_when_it_is_back()
    {
        await using var elastic = await ElasticsearchStandIn.StartAsync();
        await elastic.StopAsync();
        await using var site = await RecorderSite.StartAsync(elastic.Address);
        var tickets = RecorderSite.Tickets(1_200);

        site.Recorder.Record(tickets);
        site.Recorder.Label(RecorderSite.Label(tickets[7], "access"));
        await RecorderSite.IsSoAsync("it is noticed", () => site.Recorder.Problem is not null);
        site.Recorder.Waiting.ShouldBe(1_201);
        await elastic.StartAgainAsync();
        await site.IsSentAsync();

        elastic.Documents.Count.ShouldBe(1_200);
        elastic.Documents[tickets[7].Id].GetProperty("label").GetString().ShouldBe("access");
        site.Recorder.Dropped.ShouldBe(0);
        // One line when it goes and one when it is back, however often it was tried.
        site.Logs.All.Count.ShouldBe(2);
    }

    [Fact]
    public async Task What_a_full_buffer_has_no_room_for_is_dropped_oldest_first_and_counted()
    {
        await using var elastic = await ElasticsearchStandIn.StartAsync();
        await elastic.StopAsync();
        await using var site = await RecorderSite.StartAsync(
            elastic.Address, RecorderSite.Hurried with { MostWaiting = 100, BatchSize = 10 });
        await RecorderSite.IsSoAsync("it is noticed", () => site.Recorder.Problem is not null);
        var tickets = RecorderSite.Tickets(5_000);

        foreach (var ticket in tickets)
        {
            site.Recorder.Record([ticket]);
            site.Recorder.Waiting.ShouldBeLessThanOrEqualTo(110);
        }

        await elastic.StartAgainAsync();
        await site.IsSentAsync();

        var kept = elastic.Documents.Keys.ToHashSet();
        // The newest are there; of older ones no more than those that were on their way.
        tickets[^100..].ShouldAllBe(ticket => kept.Contains(ticket.Id));
        kept.Count.ShouldBeLessThanOrEqualTo(110);
        site.Recorder.Dropped.ShouldBe(5_000 - kept.Count);
        site.HeardOfDropped.ShouldBe(site.Recorder.Dropped);
        site.AllLogs.ShouldContain($"{site.Recorder.Dropped} tickets and labels were dropped");
    }

    [Fact]
    public async Task Long_texts_fill_the_buffer_by_their_bytes()
    {
        await using var elastic = await ElasticsearchStandIn.StartAsync();
        await elastic.StopAsync();
        await using var site = await RecorderSite.StartAsync(
            elastic.Address, RecorderSite.Hurried with { MostBytes = 1 << 20, BatchBytes = 1 << 16 });
        await RecorderSite.IsSoAsync("it is noticed", () => site.Recorder.Problem is not null);

        site.Recorder.Record(RecorderSite.Tickets(100, new string('x', 50_000)));

        // Twenty of them are a mebibyte, and one or two may be on their way.
        site.Recorder.Waiting.ShouldBeInRange(20, 22);
        site.Recorder.Dropped.ShouldBe(100 - site.Recorder.Waiting);
    }

    [Fact]
    public async Task What_has_waited_long_is_sent_as_it_came_however_its_parts_lie_in_memory()
    {
        await using var elastic = await ElasticsearchStandIn.StartAsync();
        await elastic.StopAsync();
        await using var site = await RecorderSite.StartAsync(elastic.Address, RecorderSite.Hurried with { MostWaiting = 3_000 });
        await RecorderSite.IsSoAsync("it is noticed", () => site.Recorder.Problem is not null);
        // From a few bytes to more than a block, with characters of one to four bytes.
        var tickets = RecorderSite.Tickets(4_000)
            .Select((ticket, i) => ticket with { Text = $"{i} " + string.Concat(Enumerable.Repeat("aé€😀 ", i % 500 == 3 ? 30_000 : i % 97)) })
            .ToArray();

        site.Recorder.Record(tickets[..2_000]);
        site.Recorder.Record(tickets[2_000..]);
        site.Recorder.Label(RecorderSite.Label(tickets[^1], "access"));
        await elastic.StartAgainAsync();
        await site.IsSentAsync();

        var documents = elastic.Documents;
        foreach (var ticket in tickets.TakeLast(2_999))
        {
            documents[ticket.Id].GetProperty("text").GetString().ShouldBe(ticket.Text);
        }

        documents[tickets[^1].Id].GetProperty("label").GetString().ShouldBe("access");
        (documents.Count + site.Recorder.Dropped).ShouldBe(4_000);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    [InlineData(502)]
    [InlineData(401)]
    [InlineData(403)]
    public async Task A_refusal_that_may_pass_costs_nothing_but_time(int status)
    {
        await using var elastic = await ElasticsearchStandIn.StartAsync();
        var refusals = 5;
        elastic.Refuse = path => path == "_bulk" && Interlocked.Decrement(ref refusals) >= 0 ? status : null;
        await using var site = await RecorderSite.StartAsync(elastic.Address);
        var tickets = RecorderSite.Tickets(20);

        site.Recorder.Record(tickets);
        await RecorderSite.IsSoAsync("all are there", () => elastic.Documents.Count == 20);

        site.Recorder.Dropped.ShouldBe(0);
        refusals.ShouldBeLessThan(0);
    }

    [Fact]
    public async Task Of_a_batch_that_is_refused_in_part_the_rest_is_done_busy_items_come_again_and_bad_ones_are_dropped()
    {
        await using var elastic = await ElasticsearchStandIn.StartAsync();
        var tickets = RecorderSite.Tickets(10);
        var busy = 3;
        elastic.RefuseItem = (_, id) =>
            id == tickets[2].Id ? 400
            : id == tickets[5].Id && Interlocked.Decrement(ref busy) >= 0 ? 429
            : null;
        await using var site = await RecorderSite.StartAsync(elastic.Address);

        site.Recorder.Record(tickets);
        await RecorderSite.IsSoAsync("the others are there", () => elastic.Documents.Count == 9 && site.Recorder.Dropped == 1);

        elastic.Documents.Keys.ShouldNotContain(tickets[2].Id);
        site.HeardOfDropped.ShouldBe(1);
        busy.ShouldBeLessThan(0);
    }

    [Fact]
    public async Task An_answer_that_got_lost_does_not_undo_a_label_when_the_ticket_is_sent_again()
    {
        await using var elastic = await ElasticsearchStandIn.StartAsync();
        await using var one = await RecorderSite.StartAsync(elastic.Address);
        await using var other = await RecorderSite.StartAsync(elastic.Address);
        var ticket = RecorderSite.Tickets(1)[0];
        one.Recorder.Record([ticket]);
        await RecorderSite.IsSoAsync("it is there", () => elastic.Documents.Count == 1);
        other.Recorder.Label(RecorderSite.Label(ticket, "access"));
        await RecorderSite.IsSoAsync("it is labelled", () => elastic.Documents[ticket.Id].TryGetProperty("label", out _));

        one.Recorder.Record([ticket]);
        await one.IsSentAsync();

        elastic.Documents[ticket.Id].GetProperty("label").GetString().ShouldBe("access");
        one.Recorder.Dropped.ShouldBe(0);
    }

    [Fact]
    public async Task A_label_waits_for_a_ticket_that_another_process_is_about_to_write_and_the_latest_label_counts()
    {
        await using var elastic = await ElasticsearchStandIn.StartAsync();
        await using var site = await RecorderSite.StartAsync(
            elastic.Address,
            RecorderSite.Hurried with { MissingAttempts = 1_000_000, MissingBackoff = new(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(5)) });
        await using var other = await RecorderSite.StartAsync(elastic.Address);
        var ticket = RecorderSite.Tickets(1)[0];
        site.Recorder.Label(RecorderSite.Label(ticket, "access"));
        await RecorderSite.IsSoAsync("it was tried", () => Bulks(elastic) >= 3);
        site.Recorder.Label(RecorderSite.Label(ticket, "hardware", second: 1));
        await RecorderSite.IsSoAsync("it was tried again", () => Bulks(elastic) >= 8);

        other.Recorder.Record([ticket]);
        await RecorderSite.IsSoAsync("it is labelled", () => elastic.Documents.TryGetValue(ticket.Id, out var document) && document.TryGetProperty("label", out _));

        elastic.Documents[ticket.Id].GetProperty("label").GetString().ShouldBe("hardware");
        elastic.Documents[ticket.Id].GetProperty("agreed").GetBoolean().ShouldBeTrue();
        site.Recorder.Dropped.ShouldBe(0);
    }

    [Fact]
    public async Task A_label_whose_ticket_never_comes_is_dropped_and_counted()
    {
        await using var elastic = await ElasticsearchStandIn.StartAsync();
        await using var site = await RecorderSite.StartAsync(elastic.Address);

        site.Recorder.Label(RecorderSite.Label(RecorderSite.Tickets(1)[0], "access"));
        await RecorderSite.IsSoAsync("it is dropped", () => site.Recorder.Dropped == 1);

        site.HeardOfDropped.ShouldBe(1);
        elastic.Documents.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_belongs_to_no_ticket_of_ours_is_left_out()
    {
        await using var elastic = await ElasticsearchStandIn.StartAsync();
        await using var site = await RecorderSite.StartAsync(elastic.Address);
        var ticket = RecorderSite.Tickets(1)[0];

        site.Recorder.Label(RecorderSite.Label(ticket, "access") with { TicketId = null });
        site.Recorder.Dropped.ShouldBe(0);
        site.Recorder.Label(RecorderSite.Label(ticket, "access") with { TicketId = "../_all" });
        site.Recorder.Record([ticket with { Id = "ffffffffffff7fff8fffffffffffffff" }, ticket with { Id = "" }]);

        site.Recorder.Dropped.ShouldBe(3);
        site.Recorder.Waiting.ShouldBe(0);
    }

    [Fact]
    public async Task What_is_too_large_for_something_in_between_is_sent_in_smaller_parts()
    {
        await using var elastic = await ElasticsearchStandIn.StartAsync();
        var large = 0;
        elastic.Refuse = path => path == "_bulk" && Interlocked.Increment(ref large) <= 2 ? 413 : null;
        await using var site = await RecorderSite.StartAsync(elastic.Address, RecorderSite.Hurried with { Every = TimeSpan.FromSeconds(30), BatchSize = 8 });

        site.Recorder.Record(RecorderSite.Tickets(8));
        await site.IsSentAsync();

        elastic.Documents.Count.ShouldBe(8);
        Bulks(elastic).ShouldBeGreaterThan(3);
    }

    [Fact]
    public async Task A_server_that_comes_back_empty_is_set_up_again()
    {
        await using var elastic = await ElasticsearchStandIn.StartAsync();
        await using var site = await RecorderSite.StartAsync(elastic.Address);
        await RecorderSite.IsSoAsync("it is set up", () => elastic.Policy("ticketaspire-tickets") is not null);
        await elastic.StopAsync();
        var tickets = RecorderSite.Tickets(3);
        site.Recorder.Record(tickets);
        await RecorderSite.IsSoAsync("it is noticed", () => site.Recorder.Problem is not null);
        elastic.Forget();

        await elastic.StartAgainAsync();
        await site.IsSentAsync();

        // The stand-in notes it as a mistake when documents come before their template.
        elastic.Documents.Count.ShouldBe(3);
        elastic.Policy("ticketaspire-tickets").ShouldNotBeNull();
    }

    [Fact]
    public async Task The_end_waits_for_what_is_still_to_be_sent_and_not_for_ever()
    {
        await using var elastic = await ElasticsearchStandIn.StartAsync();
        await using var site = await RecorderSite.StartAsync(
            elastic.Address, RecorderSite.Hurried with { Every = TimeSpan.FromHours(1), FlushTime = TimeSpan.FromSeconds(30) });
        site.Recorder.Record(RecorderSite.Tickets(3));
        await site.Recorder.StopAsync(Cancellation);
        elastic.Documents.Count.ShouldBe(3);
        site.Recorder.Dropped.ShouldBe(0);

        await elastic.StopAsync();
        await using var another = await RecorderSite.StartAsync(elastic.Address);
        another.Recorder.Record(RecorderSite.Tickets(3));
        await another.Recorder.StopAsync(Cancellation);

        another.Recorder.Dropped.ShouldBe(3);
    }

    [Fact]
    public async Task An_answer_that_makes_no_sense_brings_nothing_down()
    {
        await using var elastic = await ElasticsearchStandIn.StartAsync();
        var odd = 1;
        elastic.Refuse = path => path == "_bulk" && Interlocked.Decrement(ref odd) >= 0 ? (int)HttpStatusCode.OK : null;
        await using var site = await RecorderSite.StartAsync(elastic.Address);

        site.Recorder.Record(RecorderSite.Tickets(1));
        await RecorderSite.IsSoAsync("it is dropped", () => site.Recorder.Dropped == 1);
        site.Recorder.Record(RecorderSite.Tickets(2));
        await RecorderSite.IsSoAsync("the next are there", () => elastic.Documents.Count == 2);

        site.Logs.Errors.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_ticket_s_text_is_in_no_log_and_no_exception_whatever_happens()
    {
        await using var elastic = await ElasticsearchStandIn.StartAsync();
        await using var site = await RecorderSite.StartAsync(elastic.Address);
        elastic.RefuseItem = (_, _) => 400;
        site.Recorder.Record(RecorderSite.Tickets(2, "a secret text"));
        await RecorderSite.IsSoAsync("they are refused", () => site.Recorder.Dropped == 2);
        elastic.Refuse = path => path.EndsWith("_search", StringComparison.Ordinal) ? 400 : null;

        var error = await Should.ThrowAsync<StorageException>(
            () => site.Log.SearchAsync(new TicketLogQuery { Search = "a secret text" }, Cancellation));

        site.AllLogs.ShouldContain("status 400");
        foreach (var words in new[] { site.AllLogs, error.ToString() })
        {
            words.ShouldNotContain("secret");
            words.ShouldNotContain("quotes the");
        }
    }

    private static int Bulks(ElasticsearchStandIn elastic) =>
        elastic.Requests.Count(request => request.Contains("_bulk", StringComparison.Ordinal));
}
