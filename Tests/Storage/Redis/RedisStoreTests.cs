using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Storage;
using TicketAspire.Storage.Redis;
using TicketAspire.Tests.Support;
using TicketAspire.Tests.Support.Redis;
using Xunit;

namespace TicketAspire.Tests.Storage.Redis;

/// <summary>What the contracts do not tell: how the stores stand to the server.</summary>
public sealed class RedisStoreTests
{
    private static CancellationToken Cancellation => HttpCalls.Cancellation;

    [Fact]
    public async Task A_connection_string_chooses_Redis_for_every_store()
    {
        RedisServer.Require();
        await using var redis = await RedisServer.StartAsync();
        await using var services = Services(redis);

        foreach (var type in new[]
        {
            typeof(IClassifierStore), typeof(IDatasetStore), typeof(ITicketStore), typeof(IFeedbackStore), typeof(IModelStore),
            typeof(IRunStore), typeof(IEventLog), typeof(IShadowStore), typeof(ITrainingCache), typeof(ITicketLog),
        })
        {
            services.GetRequiredService(type).GetType().Namespace.ShouldBe(typeof(RedisStore).Namespace);
        }
    }

    [Theory]
    [InlineData("appendonly", "no", "append-only")]
    [InlineData("appendfsync", "everysec", "appendfsync everysec")]
    [InlineData("maxmemory-policy", "allkeys-lru", "maxmemory-policy allkeys-lru")]
    public async Task A_server_that_may_lose_what_it_acknowledges_is_degraded_and_says_why(string setting, string value, string reason)
    {
        RedisServer.Require();
        await using var redis = await RedisServer.StartAsync("--maxmemory", "1gb");
        await using var services = Services(redis);
        (await HealthAsync(services)).Status.ShouldBe(HealthStatus.Healthy);

        await redis.CallAsync("CONFIG", "SET", setting, value);

        var health = await HealthAsync(services);
        health.Status.ShouldBe(HealthStatus.Degraded);
        health.Description.ShouldNotBeNull().ShouldContain(reason);
    }

    [Fact]
    public async Task A_server_that_hides_its_settings_is_degraded_and_one_that_was_never_reached_unhealthy()
    {
        RedisServer.Require();
        await using var redis = await RedisServer.StartAsync();
        await using var services = Services(redis);
        await redis.CallAsync("ACL", "SETUSER", "default", "-config");

        var check = ActivatorUtilities.CreateInstance<StoreCheck>(services);
        (await check.CheckHealthAsync(new HealthCheckContext(), Cancellation)).Status.ShouldBe(HealthStatus.Degraded);
        await redis.KillAsync();
        // Who has reached it goes on without it.
        (await check.CheckHealthAsync(new HealthCheckContext(), Cancellation)).ShouldSatisfyAllConditions(
            away => away.Status.ShouldBe(HealthStatus.Degraded), away => away.Description.ShouldNotBeNull().ShouldContain($"127.0.0.1:{redis.Port}"));
        var health = await HealthAsync(services);
        health.Status.ShouldBe(HealthStatus.Unhealthy);
        health.Description.ShouldNotBeNull().ShouldContain($"127.0.0.1:{redis.Port}");
    }

    [Fact]
    public async Task Systems_of_different_prefixes_share_a_server_and_nothing_else()
    {
        RedisServer.Require();
        await using var redis = await RedisServer.StartAsync();
        await using var one = Services(redis, "--Storage:Redis:Prefix=one");
        await using var other = Services(redis, "--Storage:Redis:Prefix=other");
        await CreateAsync(one);

        (await one.GetRequiredService<IClassifierStore>().ListAsync(Cancellation)).Count.ShouldBe(1);
        (await other.GetRequiredService<IClassifierStore>().ListAsync(Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_change_that_no_replica_confirms_is_not_acknowledged_and_its_repetition_is_neither()
    {
        RedisServer.Require();
        await using var redis = await RedisServer.StartAsync();
        await using var services = Services(redis);
        await CreateAsync(services);
        await using var careful = Services(redis, "--Storage:Redis:Replicas=1");
        var entry = new FeedbackEntry { Id = 0, Classifier = "tickets", Text = "jams", Label = "a", At = DateTimeOffset.UnixEpoch };

        for (var i = 0; i < 2; i++)
        {
            var error = await Should.ThrowAsync<StorageException>(
                () => careful.GetRequiredService<IFeedbackStore>().AddAsync(entry, "key", Cancellation));
            error.Message.ShouldContain("0 of the 1 replicas");
        }

        await using var replica = await RedisServer.StartAsync();
        await replica.ReplicateAsync(redis);
        var added = await careful.GetRequiredService<IFeedbackStore>().AddAsync(entry, "key", Cancellation);
        (await services.GetRequiredService<IFeedbackStore>().ReadAsync("tickets", Cancellation)).ShouldBe([added]);
    }

    [Fact]
    public async Task A_model_file_whose_record_is_never_written_goes_by_itself_and_a_named_one_stays()
    {
        RedisServer.Require();
        await using var redis = await RedisServer.StartAsync();
        await using var services = Services(redis);
        await CreateAsync(services);
        var runs = services.GetRequiredService<IRunStore>();
        var result = StoreContract.Result(promote: true);

        // Another's run: the file is written, the record refused.
        (await runs.CompleteAsync(7, "nobody", result, Cancellation)).ShouldBeNull();
        var file = (await redis.CallAsync("KEYS", "*:file:*")).Trim();
        long.Parse(await redis.CallAsync("TTL", file), System.Globalization.CultureInfo.InvariantCulture).ShouldBeInRange(1, 3600);

        await runs.RequestAsync("tickets", RunTrigger.Request, Cancellation);
        var run = await runs.ClaimAsync("somebody", TimeSpan.FromMinutes(1), new RetryBackoff(TimeSpan.Zero, TimeSpan.Zero), Cancellation);
        (await runs.CompleteAsync(run!.Id, "somebody", result, Cancellation)).ShouldNotBeNull();
        (await redis.CallAsync("TTL", file)).ShouldBe("-1");
    }

    [Fact]
    public async Task Where_service_times_were_not_kept_yet_the_last_of_each_model_is_known()
    {
        RedisServer.Require();
        await using var redis = await RedisServer.StartAsync();
        await using var services = Services(redis);
        await CreateAsync(services);
        var (runs, models) = (services.GetRequiredService<IRunStore>(), services.GetRequiredService<IModelStore>());
        for (var i = 0; i < 2; i++)
        {
            await runs.RequestAsync("tickets", RunTrigger.Request, Cancellation);
            var run = await runs.ClaimAsync("somebody", TimeSpan.FromMinutes(1), new RetryBackoff(TimeSpan.Zero, TimeSpan.Zero), Cancellation);
            await runs.CompleteAsync(run!.Id, "somebody", StoreContract.Result(promote: true), Cancellation);
        }

        await models.RollBackAsync("tickets", "the lead", Cancellation);

        // As an earlier version leaves it.
        (await redis.CallAsync("DEL", $"{{{RedisStore.DefaultName}:1}}:service-times:tickets")).ShouldBe("1");

        (await models.ServiceTimesAsync("tickets", DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue, Cancellation))
            .Select(time => (time.Model, Serves: time.To is null, time.By)).ShouldBe([(2, false, "retrainer"), (1, true, "the lead")]);
        await models.RollBackAsync("tickets", "ben", Cancellation);
        (await models.ServiceTimesAsync("tickets", DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue, Cancellation))
            .Select(time => (time.Model, Serves: time.To is null, time.By)).ShouldBe([(1, false, "the lead"), (2, true, "ben")]);
    }

    [Fact]
    public async Task An_event_whose_publication_is_lost_is_heard_of_all_the_same()
    {
        RedisServer.Require();
        await using var redis = await RedisServer.StartAsync();
        await using var services = Services(redis);
        var heard = Eventually.WithinLimitAsync(
            "the event is heard of",
            async limit => await services.GetRequiredService<IEventLog>().FollowAsync(0, limit).FirstAsync(limit),
            Cancellation);
        await Eventually.IsSoAsync(
            "it listens", async _ => (await redis.CallAsync("PUBSUB", "NUMPAT")) == "0" && (await redis.CallAsync("PUBSUB", "CHANNELS", "*:events")).Length > 0, Cancellation);

        // Appended past the script that publishes.
        await redis.CallAsync(
            "XADD", $"{{{RedisStore.DefaultName}:1}}:events", "1-0", "type", EventTypes.Classifier, "classifier", "tickets", "at", "0", "of", "tickets");

        (await heard).Type.ShouldBe(EventTypes.Classifier);
    }

    [Fact]
    public async Task A_ticket_is_found_as_it_is_before_this_process_can_search_and_after()
    {
        RedisServer.Require();
        await using var redis = await RedisServer.StartAsync();
        await using var writer = Services(redis);
        await CreateAsync(writer);
        var tickets = Enumerable.Range(0, 3).Select(i => new Ticket
        {
            Id = $"id{i}", Classifier = "tickets", Text = $"mentions id{(i + 1) % 3}", Prediction = "a", Confidence = 0.5, Route = "review", Model = 1, At = DateTimeOffset.UnixEpoch,
        }).ToArray();
        await writer.GetRequiredService<ITicketStore>().AddAsync(tickets, Cancellation);
        foreach (var label in new[] { "a", "b" })
        {
            await writer.GetRequiredService<IFeedbackStore>().AddAsync(
                new FeedbackEntry { Id = 0, Classifier = "tickets", TicketId = "id1", Text = "t", Label = label, At = DateTimeOffset.UnixEpoch }, null, Cancellation);
        }

        await using var reader = Services(redis);
        var store = reader.GetRequiredService<ITicketStore>();
        var before = await Task.WhenAll(tickets.Select(ticket => store.FindAsync(ticket.Id, Cancellation)));
        await reader.GetRequiredService<ITicketLog>().SearchAsync(new TicketLogQuery { Limit = 1 }, Cancellation);
        var after = await Task.WhenAll(tickets.Select(ticket => store.FindAsync(ticket.Id, Cancellation)));

        before.ShouldBe([tickets[0], tickets[1] with { Label = "b", LabelledAt = DateTimeOffset.UnixEpoch }, tickets[2]]);
        after.ShouldBe(before);
    }

    private static ServiceProvider Services(RedisServer redis, params string[] args) =>
        new ServiceCollection()
            .AddStorage(new ConfigurationBuilder().AddCommandLine([$"--ConnectionStrings:redis={redis.ConnectionString}", .. args]).Build())
            .BuildServiceProvider(validateScopes: true);

    private static Task<HealthCheckResult> HealthAsync(ServiceProvider services) =>
        ActivatorUtilities.CreateInstance<StoreCheck>(services).CheckHealthAsync(new HealthCheckContext(), Cancellation);

    private static async Task CreateAsync(ServiceProvider services)
    {
        var dataset = await services.GetRequiredService<IDatasetStore>()
            .SaveAsync([new Example("about a", "a"), new Example("about b", "b")], Cancellation);
        await services.GetRequiredService<IClassifierStore>().PutAsync("tickets", LabelKind.Category, dataset.Hash, Cancellation);
    }
}
