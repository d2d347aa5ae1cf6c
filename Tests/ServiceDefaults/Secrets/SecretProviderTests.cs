using Microsoft.Extensions.Configuration;
using Shouldly;
using TicketAspire.ServiceDefaults.Secrets;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.ServiceDefaults.Secrets;

public sealed class SecretProviderTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly ScriptedStore _store = new();

    private static CancellationToken Cancellation => HttpCalls.Cancellation;

    public void Dispose() => _store.Dispose();

    [Fact]
    public void Secrets_go_before_what_was_configured_and_what_is_configured_later_goes_before_them()
    {
        using var configuration = new ConfigurationManager();
        configuration.AddCommandLine(["--ConnectionStrings:redis=localhost", "--Host=desk"]);

        ((IConfigurationBuilder)configuration).Add(Provider(_store.Gives(1, ("ConnectionStrings:Redis", "redis:6379,password=p"))));

        configuration.GetConnectionString("redis").ShouldBe("redis:6379,password=p");
        configuration["Host"].ShouldBe("desk");
        configuration.AddInMemoryCollection([new("ConnectionStrings:redis", "named on purpose")]);
        configuration.GetConnectionString("redis").ShouldBe("named on purpose");
    }

    [Fact]
    public async Task A_store_that_is_away_at_the_start_is_asked_again_each_time_later()
    {
        var secrets = Provider(_store.IsAway(3).Gives(7, ("key", "value")));

        var loading = secrets.LoadAsync(Cancellation);
        foreach (var pause in new[] { 1, 2, 4 })
        {
            loading.IsCompleted.ShouldBeFalse();
            await TimerAsync();
            _time.Advance(TimeSpan.FromSeconds(pause));
        }

        await loading;
        secrets.Version.ShouldBe(7);
        secrets.TryGet("KEY", out var value).ShouldBeTrue();
        value.ShouldBe("value");
        _store.Readings.ShouldBe(4);
    }

    [Fact]
    public async Task A_store_that_stays_away_ends_the_start_with_the_reason_after_so_many_attempts()
    {
        var secrets = Provider(_store.IsAway(), attempts: 3);

        var loading = secrets.LoadAsync(Cancellation);
        foreach (var pause in new[] { 1, 2 })
        {
            await TimerAsync();
            _time.Advance(TimeSpan.FromSeconds(pause));
        }

        (await Should.ThrowAsync<SecretStoreException>(() => loading)).Message.ShouldBe(
            "Vault at http://vault cannot be reached (tried 3 times). Without its secrets this service does not start");
        _store.Readings.ShouldBe(3);
    }

    [Fact]
    public void A_refusal_and_a_single_attempt_end_the_start_at_once()
    {
        Should.Throw<SecretStoreException>(() => Provider(_store.Refuses()).Load()).Message.ShouldBe(
            "Vault at http://vault refuses the token. Without its secrets this service does not start");
        Should.Throw<SecretStoreException>(() => Provider(_store.IsAway(), attempts: 1).Load());
        _store.Readings.ShouldBe(2);
    }

    [Fact]
    public void Who_loads_the_configuration_again_while_the_store_is_away_keeps_what_was_known()
    {
        var configuration = new ConfigurationBuilder().Add(Provider(_store.Gives(1, ("key", "value")).IsAway())).Build();

        configuration.Reload();

        configuration["key"].ShouldBe("value");
        _store.Readings.ShouldBe(2);
    }

    [Fact]
    public async Task Other_values_are_told_and_the_same_ones_are_not_whatever_their_number()
    {
        var secrets = Provider(_store.Gives(1, ("key", "a")).Gives(1, ("key", "a")).Gives(2, ("key", "a")).Gives(1, ("other", "b")));
        var configuration = new ConfigurationBuilder().Add(secrets).Build();
        var told = 0;
        using var listening = Microsoft.Extensions.Primitives.ChangeToken.OnChange(configuration.GetReloadToken, () => told++);

        (await secrets.RefreshAsync(Cancellation)).ShouldBeFalse();
        (await secrets.RefreshAsync(Cancellation)).ShouldBeFalse();
        secrets.Version.ShouldBe(2);
        told.ShouldBe(0);

        // A store that was set up anew counts from one again.
        (await secrets.RefreshAsync(Cancellation)).ShouldBeTrue();
        told.ShouldBe(1);
        configuration["key"].ShouldBeNull();
        configuration["other"].ShouldBe("b");
    }

    private SecretProvider Provider(ScriptedStore store, int attempts = 5) => new(store, new SecretTiming(TimeSpan.FromMinutes(1), attempts), _time);

    private Task TimerAsync() => Eventually.IsSoAsync("it waits", _ => Task.FromResult(_time.Timers > 0), Cancellation);
}
