using Shouldly;
using TicketAspire.Contracts;
using Xunit;

namespace TicketAspire.Tests.Storage;

public abstract class DriftStoreContract(IStoreSite site) : StoreContract(site)
{
    [Fact]
    public async Task The_latest_report_is_kept_whole()
    {
        await CreateClassifierAsync();
        (await Stores.Drift.FindAsync("tickets", Cancellation)).ShouldBeNull();

        await Stores.Drift.SaveAsync(Report(DriftState.TooFew), Cancellation);
        Time.Advance(TimeSpan.FromMinutes(1));
        var report = Report(DriftState.Shifting) with
        {
            Measures = [new DriftMeasure { Name = DriftMeasures.Category, State = DriftState.Shifting, Value = 0.125, Limit = 0.25, Shares = [new("hardware", 0.5, 0.75)] }],
        };
        await Stores.Drift.SaveAsync(report, Cancellation);

        var kept = (await Others.Drift.FindAsync("tickets", Cancellation))!;
        (kept.State, kept.At, kept.Predictions).ShouldBe((DriftState.Shifting, Time.GetUtcNow(), 300));
        var measure = kept.Measures.ShouldHaveSingleItem();
        (measure.Value, measure.Limit).ShouldBe((0.125, 0.25));
        measure.Shares.ShouldBe([new DriftShare("hardware", 0.5, 0.75)]);
    }

    [Fact]
    public async Task Only_the_beginning_and_the_end_of_an_alert_are_told()
    {
        await CreateClassifierAsync();
        var changes = new List<bool>();

        var events = await EventsOfAsync(async () =>
        {
            foreach (var state in new[]
            {
                DriftState.TooFew, DriftState.Stable, DriftState.Shifting, DriftState.Drifted, DriftState.Drifted, DriftState.Stable, DriftState.NoBaseline,
            })
            {
                Time.Advance(TimeSpan.FromMinutes(1));
                changes.Add(await (changes.Count % 2 == 0 ? Stores : Others).Drift.SaveAsync(Report(state), Cancellation));
            }
        });

        changes.ShouldBe([false, false, false, true, false, true, false]);
        events.Select(change => (change.Type, change.Classifier, change.Drift, change.Model)).ShouldBe(
            [(EventTypes.Drift, "tickets", DriftState.Drifted, 3), (EventTypes.Drift, "tickets", DriftState.Stable, 3)]);
        events[1].At.ShouldBe(Time.GetUtcNow().AddMinutes(-1));
    }

    [Fact]
    public async Task Of_several_who_find_the_same_one_tells_it_and_an_older_report_changes_nothing()
    {
        await CreateClassifierAsync();
        var report = Report(DriftState.Drifted);

        var changed = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Task.Run(() =>
            (i % 2 == 0 ? Stores : Others).Drift.SaveAsync(report, Cancellation))));
        (await Stores.Drift.SaveAsync(Report(DriftState.Stable) with { At = report.At.AddSeconds(-1) }, Cancellation)).ShouldBeFalse();

        changed.Count(one => one).ShouldBe(1);
        (await Others.Drift.FindAsync("tickets", Cancellation))!.State.ShouldBe(DriftState.Drifted);
    }

    [Fact]
    public async Task A_report_of_no_classifier_is_refused() =>
        await Should.ThrowAsync<KeyNotFoundException>(() => Stores.Drift.SaveAsync(Report(DriftState.Stable), Cancellation));

    [Fact]
    public async Task A_champion_has_one_run_because_of_drift()
    {
        await CreateClassifierAsync();
        (await Stores.Runs.RequestForDriftAsync("tickets", 1, Cancellation)).ShouldBeNull();
        await TrainAsync(promote: true);
        Time.Advance(TimeSpan.FromMinutes(1));
        (await Stores.Runs.RequestForDriftAsync("tickets", 2, Cancellation)).ShouldBeNull();

        var asked = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Task.Run(() =>
            (i % 2 == 0 ? Stores : Others).Runs.RequestForDriftAsync("tickets", 1, Cancellation))));

        asked.OfType<RetrainingRun>().ShouldHaveSingleItem().Trigger.ShouldBe(RunTrigger.Drift);
        // Not promoted: the champion has had its run.
        await TrainAsync(promote: false);
        (await Stores.Runs.RequestForDriftAsync("tickets", 1, Cancellation)).ShouldBeNull();
        Time.Advance(TimeSpan.FromMinutes(1));
        await TrainAsync(promote: true);
        Time.Advance(TimeSpan.FromMinutes(1));
        (await Others.Runs.RequestForDriftAsync("tickets", 3, Cancellation)).ShouldNotBeNull();
    }

    private DriftReport Report(DriftState state) => new()
    {
        Classifier = "tickets",
        Model = 3,
        At = Time.GetUtcNow(),
        From = Time.GetUtcNow().AddDays(-1),
        State = state,
        Threshold = 0.25,
        Predictions = 300,
        Least = 200,
        Measures = [],
    };
}
