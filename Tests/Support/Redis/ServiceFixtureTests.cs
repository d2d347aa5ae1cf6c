using Shouldly;
using Xunit;

namespace TicketAspire.Tests.Support.Redis;

public sealed class ServiceFixtureTests
{
    [Theory]
    [InlineData("Api")]
    [InlineData("Inference")]
    [InlineData("Retrainer")]
    [InlineData("Web")]
    public async Task A_service_is_paused_and_resumed_and_stops_when_asked(string name)
    {
        await using var service = await ServiceProcess.StartAsync(name, "--Retraining:StarterData=false");

        await service.PauseAsync();
        var answer = service.Http.GetStringAsync("alive", HttpCalls.Cancellation);
        await Should.ThrowAsync<TimeoutException>(() => answer.WaitAsync(TimeSpan.FromMilliseconds(100), HttpCalls.Cancellation));
        await service.ResumeAsync();

        (await answer).ShouldContain("ok");
        (await service.StopAsync()).ShouldBe(0, service.Output);
    }

    [Fact]
    public async Task A_killed_service_comes_back_at_its_address()
    {
        await using var service = await ServiceProcess.StartAsync("Inference");

        await service.KillAsync();
        await Should.ThrowAsync<HttpRequestException>(() => service.Http.GetAsync("alive", HttpCalls.Cancellation));
        await service.RestartAsync();

        (await service.Http.GetStringAsync("alive", HttpCalls.Cancellation)).ShouldContain("ok");
    }
}
