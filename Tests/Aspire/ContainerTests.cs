using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Shouldly;
using TicketAspire.AppHost.Starting;
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
        Assert.SkipUnless(await ContainerEngine.AnswersAsync(Environment.GetEnvironmentVariable("ASPIRE_CONTAINER_RUNTIME"), HttpCalls.Cancellation), "No container engine answers.");
        await using var application = await RunningApplication.StartAsync("--containers");
        using var api = application.Client("api");

        var answer = await api.PostAsync("predict", new { text = "the zebra printer jams" }, ContractsJson.Default.PredictionResponse);

        await Eventually.IsSoAsync(
            "Elasticsearch has it",
            async _ => (await api.GetAsync("tickets?search=zebra", ContractsJson.Default.PageTicket)).Items.Any(ticket => ticket.Id == answer.Id),
            HttpCalls.Cancellation);

        (await application.IsDoneAsync("kibana-import")).ShouldBe(0);
        await application.IsHealthyAsync("kibana");
        await application.IsHealthyAsync("logstash");
        var connection = new Uri(await application.ConnectionAsync("elasticsearch"));
        var signIn = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(connection.UserInfo))));
        using var elasticsearch = application.Client("elasticsearch");
        using var kibana = application.Client("kibana");
        elasticsearch.DefaultRequestHeaders.Authorization = kibana.DefaultRequestHeaders.Authorization = signIn;
        using (var dashboard = await kibana.GetAsync(new Uri("api/saved_objects/dashboard/ticketaspire", UriKind.Relative), HttpCalls.Cancellation))
        {
            dashboard.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        await Eventually.IsSoAsync(
            "the services' logs are there, by way of Logstash",
            async cancellation =>
            {
                using var logs = await elasticsearch.GetAsync(new Uri("logs-ticketaspire-*/_count", UriKind.Relative), cancellation);
                return logs.IsSuccessStatusCode
                    && JsonElement.Parse(await logs.Content.ReadAsStringAsync(cancellation)).GetProperty("count").GetInt32() > 0;
            },
            HttpCalls.Cancellation);
    }
}
