using Shouldly;
using TicketAspire.Retrainer;
using Xunit;

namespace TicketAspire.Tests.Retrainer;

public sealed class EngineSettingTests
{
    [Theory]
    [InlineData("Classifiers:tickets:Engine")]
    [InlineData("Retraining:Engine")]
    public void A_retrainer_does_not_start_with_an_engine_that_nobody_knows(string setting) =>
        Should.Throw<InvalidOperationException>(() => RetrainerService.Build([$"--{setting}=magic"]))
            .Message.ShouldBe($"{setting} is 'magic'; an engine is own or mlnet.");

    [Theory]
    [InlineData("mlnet")]
    [InlineData("MLNet")]
    [InlineData("OWN")]
    public async Task An_engine_is_known_however_its_name_is_written(string name)
    {
        await using var retrainer = RetrainerService.Build([$"--Retraining:Engine={name}"]);

        retrainer.Services.GetService(typeof(TicketAspire.Retrainer.Runs.EngineTraining)).ShouldNotBeNull();
    }
}
