using TicketAspire.Contracts;
using TicketAspire.Storage;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.Storage;

/// <summary>What all contract tests share: a site, two ways into it, and the things that a test needs first.</summary>
public abstract class StoreContract : IAsyncDisposable
{
    protected static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    protected static readonly RetryBackoff Backoff = new(TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1));

    private readonly IStoreSite _site;

    protected StoreContract(IStoreSite site)
    {
        _site = site;
        Stores = site.Open();
        Others = site.Open();
    }

    /// <summary>The stores under test.</summary>
    protected IStores Stores { get; }

    /// <summary>The same data, as another process sees it.</summary>
    protected IStores Others { get; }

    protected ManualTime Time => _site.Time;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected static ModelMetrics Metrics { get; } = new()
    {
        Examples = 20,
        Accuracy = 0.9,
        MacroF1 = 0.85,
        CalibrationError = 0.03,
        Threshold = 0.6,
        TargetPrecision = 0.95,
        Coverage = 0.7,
        Precision = 0.96,
        Classes = [new ClassMetrics("access", 0.9, 0.8, 0.85, 10), new ClassMetrics("hardware", 0.9, 1, 0.95, 10)],
        Confusion = [[8, 2], [0, 10]],
    };

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected async Task<DatasetInfo> SaveDatasetAsync(params string[] labels) =>
        await Stores.Datasets.SaveAsync([.. labels.Select(label => new Example($"about {label}", label))], Cancellation);

    protected async Task CreateClassifierAsync(string name = "tickets")
    {
        var dataset = await SaveDatasetAsync("hardware", "access");
        await Stores.Classifiers.PutAsync(name, LabelKind.Category, dataset.Hash, Cancellation);
    }

    protected static FeedbackEntry Entry(string text = "my printer jams", string label = "hardware", string classifier = "tickets") =>
        new() { Id = 0, Classifier = classifier, Text = text, Label = label, At = DateTimeOffset.UnixEpoch };

    protected internal static RunResult Result(bool promote, long mark = 0, params byte[] file) => new()
    {
        File = file.Length == 0 ? new byte[] { 1, 2, 3 } : file,
        Metrics = Metrics,
        Lineage = new ModelLineage("dataset", mark, "epochs=5", 42, 100),
        Promote = promote,
        Reason = promote ? "better" : "worse",
    };

    /// <summary>A whole run: request, claim, complete.</summary>
    protected async Task<ModelInfo> TrainAsync(bool promote, string classifier = "tickets", long mark = 0, params byte[] file)
    {
        await Stores.Runs.RequestAsync(classifier, RunTrigger.Request, Cancellation);
        var run = await Stores.Runs.ClaimAsync("trainer", Lease, Backoff, Cancellation);
        return (await Stores.Runs.CompleteAsync(run!.Id, "trainer", Result(promote, mark, file), Cancellation))!;
    }

    /// <summary>The events of what the action does, as another process hears of them.</summary>
    protected async Task<IReadOnlyList<ServiceEvent>> EventsOfAsync(Func<Task> action)
    {
        var before = await Others.Events.LatestAsync(Cancellation);
        await action();
        var last = await Others.Events.LatestAsync(Cancellation);
        return await Others.Events.FollowAsync(before, Cancellation).TakeAsync((int)(last - before), Cancellation);
    }
}
