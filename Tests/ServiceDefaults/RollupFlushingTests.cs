using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Inference;
using TicketAspire.ServiceDefaults;
using TicketAspire.ServiceDefaults.Telemetry.Rollups;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.ServiceDefaults;

public sealed class RollupFlushingTests : IAsyncDisposable
{
    private readonly ManualTime _time = new();
    private readonly OwnMeters _meters = new();
    private readonly CapturedLogs _logs = new();
    private readonly RollupCollector _collector;
    private readonly RollupFlushing _flushing;
    private readonly Channel<IReadOnlyList<Rollup>> _written = Channel.CreateUnbounded<IReadOnlyList<Rollup>>();
    private readonly Channel<bool> _tried = Channel.CreateUnbounded<bool>();
    private bool _away;
    private int? _awayAfter;

    public RollupFlushingTests()
    {
        _collector = new RollupCollector(_meters.Factory, new ServiceIdentity("api"));
        _flushing = new RollupFlushing(
            _collector, WriteAsync, Options.Create(new RollupOptions()), _meters.Measures, _time,
            LoggerFactory.Create(logging => logging.AddProvider(_logs)).CreateLogger<RollupFlushing>());
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _flushing.StopAsync(Cancellation);
        _flushing.Dispose();
        _collector.Dispose();
        _meters.Dispose();
    }

    [Fact]
    public async Task What_was_measured_is_written_every_few_seconds_and_at_the_shutdown()
    {
        var start = _time.GetUtcNow();
        await _flushing.StartAsync(Cancellation);
        Measure(2);

        await PassAsync(TimeSpan.FromSeconds(5));
        (await _written.Reader.ReadAsync(Cancellation)).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            rollup => rollup.Count.ShouldBe(2), rollup => rollup.At.ShouldBe(start));

        Measure(3);
        await _flushing.StopAsync(Cancellation);
        (await _written.Reader.ReadAsync(Cancellation)).ShouldHaveSingleItem().Count.ShouldBe(3);
    }

    [Fact]
    public async Task What_happened_before_the_end_of_a_minute_is_counted_in_it()
    {
        var start = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromSeconds(58));
        await _flushing.StartAsync(Cancellation);
        await PassAsync(TimeSpan.Zero);
        Measure(1);

        // Two seconds are left of the minute: that is sooner than the usual five.
        await PassAsync(TimeSpan.FromSeconds(2));
        (await _written.Reader.ReadAsync(Cancellation)).ShouldHaveSingleItem().At.ShouldBe(start);

        Measure(1);
        await PassAsync(TimeSpan.FromSeconds(5));
        (await _written.Reader.ReadAsync(Cancellation)).ShouldHaveSingleItem().At.ShouldBe(start.AddMinutes(1));
    }

    [Fact]
    public async Task A_store_that_comes_back_gets_what_waited_minute_by_minute_and_the_trouble_is_told_once()
    {
        _away = true;
        await _flushing.StartAsync(Cancellation);
        Measure(1);
        await PassAsync(TimeSpan.FromSeconds(5));
        await _tried.Reader.ReadAsync(Cancellation);
        Measure(2);
        await PassAsync(TimeSpan.FromSeconds(55));
        await _tried.Reader.ReadAsync(Cancellation);
        _away = false;
        Measure(4);
        await _flushing.StopAsync(Cancellation);

        (await _written.Reader.ReadAsync(Cancellation)).ShouldHaveSingleItem().Count.ShouldBe(3);
        (await _written.Reader.ReadAsync(Cancellation)).ShouldHaveSingleItem().Count.ShouldBe(4);
        _logs.All.ShouldHaveSingleItem().Words.ShouldContain("the disk is gone");
    }

    [Fact]
    public async Task What_the_store_has_taken_is_not_sent_again_when_it_fails_in_the_middle_of_a_minute()
    {
        await _flushing.StartAsync(Cancellation);
        var classifiers = Enumerable.Range(0, (2 * WaitingRollups.AtOnce) + 1).Select(i => $"classifier {i:D3}").ToArray();
        Array.ForEach(classifiers, classifier => _meters.Measures.HeardFeedback(classifier, agreed: true));
        _awayAfter = 1;

        await PassAsync(TimeSpan.FromSeconds(5));
        await _tried.Reader.ReadAsync(Cancellation);
        _awayAfter = null;
        await PassAsync(TimeSpan.FromSeconds(5));

        var written = new List<IReadOnlyList<Rollup>>();
        for (var i = 0; i < 3; i++)
        {
            written.Add(await _written.Reader.ReadAsync(Cancellation));
        }

        written.Select(some => some.Count).ShouldBe([WaitingRollups.AtOnce, WaitingRollups.AtOnce, 1]);
        written.SelectMany(some => some).Select(rollup => rollup.Tags[0]).ShouldBe(classifiers, ignoreOrder: true);
    }

    [Theory]
    [InlineData("00:00:00")]
    [InlineData("-00:00:05")]
    public void How_often_it_is_written_must_make_sense(string every) =>
        Should.Throw<InvalidOperationException>(() => InferenceService.Build([$"--Operations:FlushEvery={every}"])).Message.ShouldContain("Operations:FlushEvery");

    [Fact]
    public void Of_a_long_outage_the_oldest_minutes_are_dropped_and_counted()
    {
        var waiting = new WaitingRollups();
        var start = _time.GetUtcNow();
        var dropped = 0;
        for (var minute = 0; minute < WaitingRollups.MinutesKept + 7; minute++)
        {
            dropped += waiting.Add([Counted(start.AddMinutes(minute)), Counted(start.AddMinutes(minute)) with { Tags = ["intents", "true"] }]);
        }

        dropped.ShouldBe(14);
        waiting.Oldest.ShouldAllBe(rollup => rollup.At == start.AddMinutes(7));
        for (var minute = 0; minute < WaitingRollups.MinutesKept; minute++)
        {
            waiting.IsEmpty.ShouldBeFalse();
            waiting.RemoveOldest();
        }

        waiting.IsEmpty.ShouldBeTrue();
    }

    private static Rollup Counted(DateTimeOffset at) =>
        new() { At = at, Series = RollupSeries.Feedback.Name, Tags = ["tickets", "true"], Count = 1 };

    // The loop sets its timer on a thread of its own: it has to stand before the clock moves.
    private async Task PassAsync(TimeSpan time)
    {
        await Eventually.IsSoAsync("the loop waits", _ => Task.FromResult(_time.Timers == 1), Cancellation);
        _time.Advance(time);
    }

    private void Measure(int times)
    {
        for (var i = 0; i < times; i++)
        {
            _meters.Measures.HeardFeedback("tickets", agreed: true);
        }
    }

    private async Task WriteAsync(IReadOnlyList<Rollup> rollups, CancellationToken cancellation)
    {
        if (_away)
        {
            await _tried.Writer.WriteAsync(false, cancellation);
            throw new InvalidOperationException("the disk is gone");
        }

        if (_awayAfter-- == 0)
        {
            await _tried.Writer.WriteAsync(false, cancellation);
            throw new InvalidOperationException("the disk is full");
        }

        await _written.Writer.WriteAsync(rollups, cancellation);
    }
}
