using System.Net;
using Shouldly;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.Inference;

public sealed class LoadLimitTests
{
    [Fact]
    public async Task More_load_than_the_limit_is_put_off_and_health_still_answers()
    {
        await using var system = await RunningSystem.StartSmallAsync("tickets");
        var inference = await system.StartInferenceAsync("--Limits:Concurrency=1", "--Limits:Queue=0");
        var batch = new Uri(inference.Address, "classifiers/tickets/predict/batch");

        await using (var exchange = await LineExchange.OpenAsync(batch, "application/x-ndjson"))
        {
            // Once it has an answer, the exchange holds the only place, until it ends.
            await exchange.SendAsync($$"""{"text":"{{SmallClassifier.PrinterText}}"}""");
            (await exchange.StatusAsync()).ShouldBe(200);
            (await exchange.NextAsync()).ShouldNotBeNull();

            using var refused = await inference.Http.PostTextAsync("predict", SmallClassifier.PrinterText);
            (await refused.ErrorAsync(HttpStatusCode.ServiceUnavailable)).ShouldBe("Too many requests at the moment");
            refused.Headers.RetryAfter?.Delta.ShouldBe(TimeSpan.FromSeconds(1));
            using var health = await inference.Http.GetAsync("health", HttpCalls.Cancellation);
            health.StatusCode.ShouldBe(HttpStatusCode.OK);

            await exchange.EndAsync();
            (await exchange.NextAsync()).ShouldBeNull();
        }

        await Eventually.IsSoAsync(
            "the place is free again",
            async _ =>
            {
                using var response = await inference.Http.PostTextAsync("predict", SmallClassifier.PrinterText);
                return response.StatusCode == HttpStatusCode.OK;
            },
            HttpCalls.Cancellation);
        inference.Logs.Errors.ShouldBeEmpty();
    }
}
