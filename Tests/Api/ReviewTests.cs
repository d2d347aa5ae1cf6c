using System.Net;
using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.Api;

public sealed class ReviewTests
{
    [Fact]
    public async Task Tickets_that_wait_for_a_person_come_least_sure_first_and_a_decision_takes_one_out()
    {
        // Nothing is sure enough here.
        await using var system = await RunningSystem.StartSmallAsync("tickets", "--Classifiers:tickets:Threshold=1");
        foreach (var text in new[] { SmallClassifier.PrinterText, "zebra", SmallClassifier.HolidayText, "printer connection" })
        {
            (await system.Api.Http.PostAsync("predict", new { text }, ContractsJson.Default.PredictionResponse)).Route.ShouldBe(Routes.Review);
        }

        var queue = await ReviewAsync(system, "?limit=3");
        queue.Waiting.ShouldBe(4);
        queue.Items.Count.ShouldBe(3);
        queue.Items.Select(ticket => ticket.Confidence).ShouldBeInOrder(SortDirection.Ascending);
        queue.Items[0].Text.ShouldBe("zebra");
        var rest = await ReviewAsync(system, $"?limit=3&after={queue.Next}");
        rest.Items.ShouldHaveSingleItem().Confidence.ShouldBeGreaterThanOrEqualTo(queue.Items[^1].Confidence);
        rest.Next.ShouldBeNull();

        await system.Api.Http.PostAsync(
            "classifiers/tickets/feedback", new { ticket_id = queue.Items[0].Id, true_label = SmallClassifier.Network }, ContractsJson.Default.FeedbackResponse);

        var later = await ReviewAsync(system, "");
        later.Waiting.ShouldBe(3);
        later.Items.ShouldNotContain(ticket => ticket.Id == queue.Items[0].Id);
    }

    [Theory]
    [InlineData("nobody/review", HttpStatusCode.NotFound)]
    [InlineData("tickets/review?limit=0", HttpStatusCode.BadRequest)]
    [InlineData("tickets/review?limit=many", HttpStatusCode.BadRequest)]
    public async Task A_queue_that_cannot_be_is_refused(string path, HttpStatusCode status)
    {
        await using var system = await RunningSystem.StartSmallAsync("tickets");
        using var response = await system.Api.Http.GetAsync($"classifiers/{path}", HttpCalls.Cancellation);

        response.StatusCode.ShouldBe(status);
    }

    private static Task<ReviewPage> ReviewAsync(RunningSystem system, string query) =>
        system.Api.Http.GetAsync($"classifiers/tickets/review{query}", ContractsJson.Default.ReviewPage);
}
