using System.Diagnostics.Metrics;
using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults;
using TicketAspire.ServiceDefaults.Telemetry.Rollups;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.ServiceDefaults;

public sealed class RollupCollectorTests : IDisposable
{
    private static readonly DateTimeOffset At = new(2026, 3, 4, 5, 6, 42, TimeSpan.Zero);

    private readonly OwnMeters _meters = new();
    private readonly RollupCollector _collector;

    public RollupCollectorTests() => _collector = new RollupCollector(_meters.Factory, new ServiceIdentity("api"));

    public void Dispose()
    {
        _collector.Dispose();
        _meters.Dispose();
    }

    [Fact]
    public void What_is_measured_is_added_up_by_tags_in_its_minute_and_taken_once()
    {
        Predict("Hardware", 0.9, 3);
        Predict("Hardware", 0.7, 3);
        Predict("Access", 0.2, 3);

        var taken = _collector.Take(At);

        var minute = new DateTimeOffset(2026, 3, 4, 5, 6, 0, TimeSpan.Zero);
        taken.ShouldAllBe(rollup => rollup.At == minute);
        Of(taken, RollupSeries.Predictions).Select(rollup => (string.Join(' ', rollup.Tags), rollup.Count))
            .ShouldBe([("tickets Hardware auto 3", 2), ("tickets Access auto 3", 1)], ignoreOrder: true);
        var confidences = Of(taken, RollupSeries.Confidences).ShouldHaveSingleItem();
        confidences.Tags.ShouldBe(["tickets", "3"]);
        (confidences.Count, Math.Round(confidences.Sum, 9)).ShouldBe((3, 1.8));
        confidences.Buckets.OrderBy(bucket => bucket.Key).ShouldBe([new(4, 1), new(14, 1), new(18, 1)]);
        _collector.Take(At).ShouldBeEmpty();
    }

    [Fact]
    public void Everything_that_is_kept_of_our_own_is_heard()
    {
        Predict("Hardware", 0.9, 1);
        _meters.Measures.HeardFeedback("tickets", agreed: true);
        _meters.Measures.HeardFeedback("tickets", agreed: false);
        _meters.Measures.HeardFeedback("tickets", agreed: null);
        _meters.Measures.Judged("tickets", agreed: false, model: 3, confidence: 0.75);
        _meters.Measures.LeftStage("tickets", "training", TimeSpan.FromSeconds(2));
        _meters.Measures.HasDropped("shadow", 7);

        var taken = _collector.Take(At);

        Of(taken, RollupSeries.Feedback).Select(rollup => rollup.Tags[1]).ShouldBe(["true", "false", ""], ignoreOrder: true);
        var judged = Of(taken, RollupSeries.JudgedConfidences).ShouldHaveSingleItem();
        (string.Join(' ', judged.Tags), judged.Count, judged.Sum).ShouldBe(("tickets false 3", 1, 0.75));
        var stage = Of(taken, RollupSeries.Stages).ShouldHaveSingleItem();
        (stage.Tags[1], stage.Sum).ShouldBe(("training", 2));
        var dropped = Of(taken, RollupSeries.Dropped).ShouldHaveSingleItem();
        (string.Join(' ', dropped.Tags), dropped.Count).ShouldBe(("api shadow", 7));
        Of(taken, RollupSeries.UnknownWords).ShouldHaveSingleItem().Count.ShouldBe(1);
        Of(taken, RollupSeries.PredictionDurations).ShouldHaveSingleItem().Count.ShouldBe(1);
    }

    [Fact]
    public void Another_service_in_the_same_process_is_not_heard()
    {
        using var others = new OwnMeters();

        others.Measures.HeardFeedback("tickets", agreed: true);

        _collector.Take(At).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/classifiers/{name}/predict", 200, true)]
    [InlineData("/classifiers/{name}/predict", 503, true)]
    [InlineData(null, 404, true)]
    [InlineData(null, 200, false)]
    [InlineData(null, 304, false)]
    [InlineData("/alive", 200, false)]
    [InlineData("/ready", 503, false)]
    [InlineData("/health", 200, false)]
    [InlineData("/events", 200, false)]
    [InlineData("/operations", 200, false)]
    [InlineData("/classifiers", 200, false)]
    public void Requests_are_counted_but_neither_probes_nor_files_nor_who_watches(string? route, int status, bool counted)
    {
        Request(route, status);

        var taken = _collector.Take(At);

        taken.Count.ShouldBe(counted ? 1 : 0);
        if (counted)
        {
            taken[0].Tags.ShouldBe(["api", "POST", route ?? "", $"{status}"]);
            taken[0].Sum.ShouldBe(0.25);
        }
    }

    [Fact]
    public void Whatever_is_sent_the_number_of_different_tags_is_bounded_and_nothing_is_lost()
    {
        const int Many = 5000;
        for (var i = 0; i < Many; i++)
        {
            _meters.Measures.HeardFeedback($"classifier {i}", agreed: true);
        }

        var taken = _collector.Take(At);

        taken.Count.ShouldBe(RollupRecorder.CellLimit + 1);
        taken.Sum(rollup => rollup.Count).ShouldBe(Many);
        taken.ShouldContain(rollup => rollup.Tags[0] == RollupRecorder.Other && rollup.Count == Many - RollupRecorder.CellLimit);
    }

    [Fact]
    public void What_is_not_measured_any_more_makes_room()
    {
        for (var i = 0; i < RollupRecorder.CellLimit; i++)
        {
            _meters.Measures.HeardFeedback($"classifier {i}", agreed: true);
        }

        for (var i = 0; i < 200; i++)
        {
            _collector.Take(At);
        }

        _meters.Measures.HeardFeedback("another", agreed: true);
        _collector.Take(At).ShouldHaveSingleItem().Tags[0].ShouldBe("another");
    }

    [Fact]
    public async Task Threads_that_measure_while_it_is_taken_lose_nothing()
    {
        const int Each = 100_000;
        var total = 0L;
        var done = false;
        var taking = Task.Run(
            () =>
            {
                while (!Volatile.Read(ref done))
                {
                    total += Predictions();
                }
            },
            TestContext.Current.CancellationToken);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                Predict(i % 3 == 0 ? "Hardware" : "Access", 0.5, thread);
            }
        })));
        Volatile.Write(ref done, true);
        await taking;

        (total + Predictions()).ShouldBe(4 * Each);

        long Predictions() => Of(_collector.Take(At), RollupSeries.Predictions).Sum(rollup => rollup.Count);
    }

    [Fact]
    public void Measuring_predictions_allocates_nothing_once_their_tags_are_known()
    {
        for (var i = 0; i < 1000; i++)
        {
            Predict("Hardware", 0.5, 3);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
        {
            Predict("Hardware", 0.5, 3);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private void Predict(string category, double confidence, int model) =>
        _meters.Measures.Predicted("tickets", category, Routes.Auto, model, confidence, 0.1, TimeSpan.FromMicroseconds(30));

    private void Request(string? route, int status)
    {
        var duration = _meters.Factory.Create("Microsoft.AspNetCore.Hosting").CreateHistogram<double>("http.server.request.duration");
        List<KeyValuePair<string, object?>> tags =
            [new("url.scheme", "http"), new("http.request.method", "POST"), new("http.response.status_code", status)];
        if (route is not null)
        {
            tags.Add(new("http.route", route));
        }

        duration.Record(0.25, [.. tags]);
    }

    private static Rollup[] Of(IReadOnlyList<Rollup> rollups, RollupSeries series) =>
        [.. rollups.Where(rollup => rollup.Series == series.Name)];
}
