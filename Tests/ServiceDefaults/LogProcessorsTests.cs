using OpenTelemetry;
using OpenTelemetry.Logs;
using Shouldly;
using TicketAspire.ServiceDefaults.Logging;
using TicketAspire.ServiceDefaults.Telemetry;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.ServiceDefaults;

/// <summary>What a service still has to send does not keep it from its end.</summary>
public sealed class LogProcessorsTests
{
    [Fact]
    public async Task At_the_end_all_send_what_waits_at_the_same_time_and_are_given_as_long_as_they_may_take()
    {
        using var together = new Barrier(2);
        var processors = new LogProcessors();
        using var one = new Waiting(together);
        using var other = new Waiting(together);
        processors.Add(one).ShouldBeSameAs(one);
        processors.Add(other);

        // A stop that is in a hurry already still ends in order.
        await processors.StopAsync(new CancellationToken(canceled: true)).WaitAsync(HttpCalls.Cancellation);

        (one.Given, other.Given).ShouldBe((TelemetryProviders.EndTime, TelemetryProviders.EndTime));
        (one.Met, other.Met).ShouldBe((true, true));
    }

    private sealed class Waiting(Barrier together) : BaseProcessor<LogRecord>
    {
        public int Given { get; private set; }

        public bool Met { get; private set; }

        protected override bool OnShutdown(int timeoutMilliseconds)
        {
            // One after the other they would never meet.
            Met = together.SignalAndWait(Eventually.Limit);
            Given = timeoutMilliseconds;
            return true;
        }
    }
}
