using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Storage;
using TicketAspire.Tests.Support;
using TicketAspire.Tests.Support.Redis;
using Xunit;

namespace TicketAspire.Tests.Storage.Redis;

/// <summary>A password that is replaced while the service runs.</summary>
public sealed class RedisCredentialsTests
{
    private const string Key = "ConnectionStrings:redis";
    private const string Password = "n3wpassw0rd";

    private static CancellationToken Cancellation => HttpCalls.Cancellation;

    [Fact]
    public async Task A_new_password_is_used_once_the_configuration_has_it_and_feedback_and_events_go_on()
    {
        RedisServer.Require();
        await using var redis = await RedisServer.StartAsync();
        using var administrator = await RespConnection.OpenAsync(redis.Port, Cancellation);
        await using var site = new Site(redis.ConnectionString);
        await site.SetUpAsync();
        await site.AddAsync("before");

        await ChangePasswordAsync(administrator);
        await Should.ThrowAsync<StorageException>(() => site.AddAsync("meanwhile"));
        site.Configure($"{redis.ConnectionString},password={Password}");
        await site.EventuallyAddsAsync("after");

        (await site.TextsAsync()).ShouldBe(["before", "after"]);
        await Eventually.WithinLimitAsync(
            "an event is heard of", async limit => await site.Get<IEventLog>().FollowAsync(0, limit).FirstAsync(limit), Cancellation);
        site.Logs.All.ShouldNotContain(entry => entry.Words.Contains(Password, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_password_that_the_server_has_not_got_yet_disturbs_nobody()
    {
        RedisServer.Require();
        // The one that it has, so that another is an error.
        await using var redis = await RedisServer.StartAsync();
        using var administrator = await RespConnection.OpenAsync(redis.Port, Cancellation);
        await administrator.CallAsync(["ACL", "SETUSER", "default", ">first", "resetpass", ">first"], Cancellation);
        await administrator.CallAsync(["AUTH", "first"], Cancellation);
        await using var site = new Site($"{redis.ConnectionString},password=first");
        await site.SetUpAsync();

        site.Configure($"{redis.ConnectionString},password={Password}");
        for (var i = 0; i < 5; i++)
        {
            await site.AddAsync("before");
            await Eventually.IsSoAsync(
                "the new one was tried", async _ => await FailuresAsync(administrator) > i, Cancellation);
        }

        await ChangePasswordAsync(administrator);
        await site.EventuallyAddsAsync("after");
        (await site.TextsAsync()).ShouldBe([.. Enumerable.Repeat("before", 5), "after"]);
    }

    [Fact]
    public async Task Another_server_can_be_moved_to_and_what_is_no_connection_string_is_refused_in_the_log()
    {
        RedisServer.Require();
        await using var redis = await RedisServer.StartAsync();
        await using var other = await RedisServer.StartAsync();
        await other.ReplicateAsync(redis);
        await using var site = new Site(redis.ConnectionString);
        await site.SetUpAsync();

        site.Configure($"nonsense=1,password={Password}");
        await site.AddAsync("before");
        site.Logs.All.ShouldContain(entry => entry.Level == LogLevel.Warning && entry.Words.Contains(Key, StringComparison.Ordinal));
        site.Logs.All.ShouldNotContain(entry => entry.Words.Contains(Password, StringComparison.Ordinal));

        await Eventually.IsSoAsync(
            "the other has it", async _ => (await other.CallAsync("KEYS", "*:feedback:*")).Length > 0, Cancellation);
        await other.CallAsync("REPLICAOF", "NO", "ONE");
        site.Configure(other.ConnectionString);
        await Eventually.IsSoAsync(
            "it has moved", async _ => (await other.CallAsync("CLIENT", "LIST")).Contains("name=ticketaspire", StringComparison.Ordinal), Cancellation);
        await redis.KillAsync();

        await site.EventuallyAddsAsync("after");
        (await site.TextsAsync()).ShouldBe(["before", "after"]);
    }

    // On the one connection that stays: those that are open already need no password.
    private static async Task ChangePasswordAsync(RespConnection administrator)
    {
        await administrator.CallAsync(["CONFIG", "SET", "requirepass", Password], Cancellation);
        await administrator.CallAsync(["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"], Cancellation);
        await administrator.CallAsync(["CLIENT", "KILL", "TYPE", "pubsub"], Cancellation);
    }

    private static async Task<long> FailuresAsync(RespConnection administrator)
    {
        var errors = await administrator.CallAsync(["INFO", "errorstats"], Cancellation);
        var count = errors.Split("errorstat_WRONGPASS:count=") is [_, var rest, ..] ? rest.Split('\r', ',')[0] : "0";
        return long.Parse(count, System.Globalization.CultureInfo.InvariantCulture);
    }

    private sealed class Site : IAsyncDisposable
    {
        private readonly IConfigurationRoot _configuration;
        private readonly ServiceProvider _services;

        public Site(string connectionString)
        {
            _configuration = new ConfigurationBuilder().AddInMemoryCollection([new(Key, connectionString)]).Build();
            _services = new ServiceCollection()
                .AddLogging(logging => logging.AddProvider(Logs))
                .AddStorage(_configuration)
                .BuildServiceProvider(validateScopes: true);
        }

        public CapturedLogs Logs { get; } = new();

        public T Get<T>()
            where T : notnull => _services.GetRequiredService<T>();

        public void Configure(string connectionString)
        {
            _configuration[Key] = connectionString;
            _configuration.Reload();
        }

        public async Task SetUpAsync()
        {
            var dataset = await Get<IDatasetStore>().SaveAsync([new Example("about a", "a"), new Example("about b", "b")], Cancellation);
            await Get<IClassifierStore>().PutAsync("tickets", LabelKind.Category, dataset.Hash, Cancellation);
        }

        public Task<FeedbackEntry> AddAsync(string text, CancellationToken? cancellation = null) => Get<IFeedbackStore>().AddAsync(
            new FeedbackEntry { Id = 0, Classifier = "tickets", Text = text, Label = "a", At = DateTimeOffset.UnixEpoch },
            $"{text} {Guid.NewGuid()}",
            cancellation ?? Cancellation);

        public Task EventuallyAddsAsync(string text) => Eventually.IsSoAsync(
            "feedback goes on",
            async limit =>
            {
                try
                {
                    await AddAsync(text, limit);
                    return true;
                }
                catch (StorageException)
                {
                    return false;
                }
            },
            Cancellation);

        public async Task<IReadOnlyList<string>> TextsAsync() =>
            [.. (await Get<IFeedbackStore>().ReadAsync("tickets", Cancellation)).Select(entry => entry.Text)];

        public ValueTask DisposeAsync() => _services.DisposeAsync();
    }
}
