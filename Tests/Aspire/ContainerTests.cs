using TicketAspire.AppHost.Distributed;
using TicketAspire.Contracts;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.Aspire;

/// <summary>The whole, where there is a container runtime that can pull the images.</summary>
public sealed class ContainerTests
{
    [Fact]
    public async Task The_whole_comes_up_and_a_ticket_is_found_again()
    {
        Assert.SkipUnless(await ContainerRuntime.IsThereAsync(null, HttpCalls.Cancellation), "No container runtime.");
        await using var application = await RunningApplication.StartAsync();
        using var api = application.Client("api");

        var answer = await api.PostAsync("predict", new { text = "the zebra printer jams" }, ContractsJson.Default.PredictionResponse);

        await Eventually.IsSoAsync(
            "Elasticsearch has it",
            async _ => (await api.GetAsync("tickets?search=zebra", ContractsJson.Default.PageTicket)).Items.Any(ticket => ticket.Id == answer.Id),
            HttpCalls.Cancellation);
    }
}
