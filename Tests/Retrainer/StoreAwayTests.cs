using System.Net;
using Shouldly;
using TicketAspire.Retrainer;
using TicketAspire.Tests.Support;
using TicketAspire.Tests.Support.Redis;
using Xunit;

namespace TicketAspire.Tests.Retrainer;

/// <summary>What the retrainer answers while its store is away.</summary>
public sealed class StoreAwayTests
{
    [Fact]
    public async Task It_says_that_it_is_to_be_asked_again_and_not_that_something_is_broken()
    {
        RedisServer.Require();
        await using var redis = await RedisServer.StartAsync();
        await using var retrainer = RetrainerService.Build(
            ["--urls=http://127.0.0.1:0", $"--ConnectionStrings:redis={redis.ConnectionString}", "--Retraining:StarterData=false"]);
        await retrainer.StartAsync(HttpCalls.Cancellation);
        using var http = new HttpClient { BaseAddress = new Uri(retrainer.Urls.Single()) };
        using (var found = await http.GetAsync(Comparison, HttpCalls.Cancellation))
        {
            found.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }

        await redis.KillAsync();
        using var answer = await http.GetAsync(Comparison, HttpCalls.Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter.ShouldNotBeNull();
        await retrainer.StopAsync(HttpCalls.Cancellation);
    }

    private static Uri Comparison => new("classifiers/none/models/1/compare/2", UriKind.Relative);
}
