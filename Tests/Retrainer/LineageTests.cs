using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Retrainer;
using TicketAspire.Retrainer.Runs;
using TicketAspire.ServiceDefaults.Settings;
using TicketAspire.ServiceDefaults.Telemetry;
using TicketAspire.Storage;
using TicketAspire.Tests.Storage;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.Retrainer;

/// <summary>The same lineage gives the same bytes: on any number of threads, and whether or not a network was at hand.</summary>
public sealed class LineageTests : IAsyncDisposable
{
    private const string Name = "tickets";

    private readonly SqliteSite _site = new();
    private readonly OwnMeters _meters = new();
    private readonly IStores _stores;

    public LineageTests() => _stores = _site.Open();

    public ValueTask DisposeAsync()
    {
        _meters.Dispose();
        return _site.DisposeAsync();
    }

    [Fact]
    public async Task Runs_of_one_lineage_store_the_same_file()
    {
        await CreateAsync();
        await TrainAsync(threads: 2);
        await GiveFeedbackAsync(20);
        var cache = new CountedCache(_stores.Cache);
        var first = await TrainAsync(threads: 2, cache);
        cache.Found.ShouldBe(1);

        // With the kept network on other numbers of threads; without it, as after it was lost; and where it is damaged.
        var others = new List<ModelInfo>();
        foreach (var threads in new[] { 1, 3, 16 })
        {
            others.Add(await TrainAsync(threads, cache));
        }

        others.Add(await TrainAsync(threads: 4, new CountedCache(null)));
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_site.File};Pooling=False"))
        {
            connection.Open();
            using var damage = connection.CreateCommand();
            damage.CommandText = "UPDATE training_cache SET content = x'00' || substr(content, 2)";
            damage.ExecuteNonQuery().ShouldBeGreaterThan(0);
        }

        others.Add(await TrainAsync(threads: 1));
        others.ShouldAllBe(model => model.Lineage == first.Lineage);
        others.ShouldAllBe(model => model.Checksum == first.Checksum);
    }

    [Fact]
    public async Task What_else_determines_a_model_is_part_of_its_lineage()
    {
        await CreateAsync();
        await GiveFeedbackAsync(4);

        var three = await TrainAsync(threads: 2);
        var one = await TrainAsync(threads: 2, options: new RetrainingOptions { CorrectionImportance = 1 });
        var seed = await TrainAsync(threads: 2, options: new RetrainingOptions { Seed = 2 });

        one.Checksum.ShouldNotBe(three.Checksum);
        one.Lineage.Settings.ShouldNotBe(three.Lineage.Settings);
        seed.Checksum.ShouldNotBe(three.Checksum);
        seed.Lineage.Seed.ShouldBe(2);
    }

    private async Task CreateAsync()
    {
        Example[] examples = [.. Enumerable.Range(0, 8).SelectMany(i => SmallClassifier.Examples.Select(example => example with { Text = $"{example.Text} {i}" }))];
        var dataset = await _stores.Datasets.SaveAsync(examples, HttpCalls.Cancellation);
        await _stores.Classifiers.PutAsync(Name, LabelKind.Category, dataset.Hash, HttpCalls.Cancellation);
    }

    private async Task GiveFeedbackAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await _stores.Feedback.AddAsync(
                new FeedbackEntry { Id = 0, Classifier = Name, Text = $"badge reader {i} blinks", Label = SmallClassifier.Network, At = DateTimeOffset.UnixEpoch },
                idempotencyKey: null,
                HttpCalls.Cancellation);
        }
    }

    private async Task<ModelInfo> TrainAsync(int threads, ITrainingCache? cache = null, RetrainingOptions? options = null)
    {
        var settings = Options.Create(options ?? new RetrainingOptions());
        settings.Value.Threads = threads;
        var defaults = new ClassifierDefaults(new ConfigurationBuilder().Build());
        var gathering = new ExampleGathering(_stores.Datasets, _stores.Feedback, defaults, settings);
        var execution = new RunExecution(
            _stores.Classifiers, _stores.Models, _stores.Runs, gathering,
            new EngineTraining(new NetworkReuse(cache ?? _stores.Cache), defaults, AllEngines.Catalog), AllEngines.Catalog, defaults, settings,
            new Traces(), _meters.Measures, TimeProvider.System, NullLogger<RunExecution>.Instance);
        await _stores.Runs.RequestAsync(Name, RunTrigger.Request, HttpCalls.Cancellation);
        var run = (await _stores.Runs.ClaimAsync("trainer", TimeSpan.FromMinutes(9), settings.Value.Backoff, HttpCalls.Cancellation))!;
        await execution.ExecuteAsync(run, "trainer", HttpCalls.Cancellation);
        var ended = (await _stores.Runs.FindAsync(run.Id, HttpCalls.Cancellation))!;
        return (await _stores.Models.FindAsync(Name, ended.Model.ShouldNotBeNull(ended.Reason), HttpCalls.Cancellation))!;
    }

    /// <summary>A cache that counts what it finds; without another behind it, one that loses everything.</summary>
    private sealed class CountedCache(ITrainingCache? cache) : ITrainingCache
    {
        public int Found { get; private set; }

        public async Task<byte[]?> FindAsync(string classifier, string key, CancellationToken cancellation)
        {
            var found = cache is null ? null : await cache.FindAsync(classifier, key, cancellation);
            Found += found is null ? 0 : 1;
            return found;
        }

        public Task SaveAsync(string classifier, string key, ReadOnlyMemory<byte> content, CancellationToken cancellation) =>
            cache?.SaveAsync(classifier, key, content, cancellation) ?? Task.CompletedTask;
    }
}
