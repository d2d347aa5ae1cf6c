using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using Shouldly;
using TicketAspire.ServiceDefaults.Secrets;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.ServiceDefaults.Secrets;

/// <summary>A service whose secrets change, and whose store goes away.</summary>
public sealed class SecretRefreshingTests : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private readonly ManualTime _time = new();
    private readonly ScriptedStore _store = new();
    private readonly CapturedLogs _logs = new();
    private ServiceProvider? _services;
    private IConfigurationRoot? _configuration;

    private static CancellationToken Cancellation => HttpCalls.Cancellation;

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services!.GetServices<IHostedService>())
        {
            await service.StopAsync(CancellationToken.None);
        }

        await _services!.DisposeAsync();
        _store.IsDisposed.ShouldBeTrue();
        _logs.All.ShouldNotContain(entry => entry.Words.Contains("s3cret", StringComparison.Ordinal));
        _logs.Dispose();
    }

    [Fact]
    public async Task A_new_version_is_in_the_configuration_after_the_interval_and_is_logged_by_its_number()
    {
        await StartAsync(_store.Gives(1, ("password", "s3cret-1")).Gives(2, ("password", "s3cret-2")));
        _configuration!["password"].ShouldBe("s3cret-1");

        await PassAsync(Every);

        _configuration["password"].ShouldBe("s3cret-2");
        _logs.All.ShouldContain(entry => entry.Level == LogLevel.Information && entry.Words.Contains("version 2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task While_the_store_is_away_the_last_values_stay_the_service_is_degraded_and_one_warning_says_why()
    {
        await StartAsync(_store.Gives(1, ("password", "s3cret-1")).IsAway(3).Gives(2, ("password", "s3cret-2")));
        (await HealthAsync()).Status.ShouldBe(HealthStatus.Healthy);

        await PassAsync(Every);
        await PassAsync(SecretTiming.LongestPause);

        _configuration!["password"].ShouldBe("s3cret-1");
        var health = await HealthAsync();
        health.Status.ShouldBe(HealthStatus.Degraded);
        health.Description.ShouldBe(
            "Vault at http://vault cannot be reached; the secrets that were read at 2025-03-01 08:00:00Z stay in use");
        _logs.All.Count(entry => entry.Level == LogLevel.Warning).ShouldBe(1);

        // Looked for more often until it is back.
        await PassAsync(SecretTiming.LongestPause);
        await PassAsync(SecretTiming.LongestPause);

        _configuration["password"].ShouldBe("s3cret-2");
        (await HealthAsync()).Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public async Task It_is_read_earlier_where_the_sign_in_would_expire()
    {
        _store.RenewAfter = TimeSpan.FromSeconds(20);
        await StartAsync(_store.Gives(1, ("password", "s3cret-1")));

        await PassAsync(TimeSpan.FromSeconds(20));
        await PassAsync(TimeSpan.FromSeconds(20));

        _store.Readings.ShouldBe(3);
    }

    [Fact]
    public async Task A_renewal_that_is_due_does_not_make_a_store_that_is_away_be_asked_all_the_time()
    {
        _store.RenewAfter = TimeSpan.FromSeconds(1);
        await StartAsync(_store.Gives(1, ("password", "s3cret-1")).IsAway(2));

        await PassAsync(TimeSpan.FromSeconds(1));
        _store.Readings.ShouldBe(2);
        await PassAsync(SecretTiming.LongestPause - TimeSpan.FromSeconds(1));
        _store.Readings.ShouldBe(2);
        await PassAsync(TimeSpan.FromSeconds(1));

        _store.Readings.ShouldBe(3);
    }

    [Fact]
    public async Task Who_cannot_use_a_new_value_neither_ends_the_service_nor_gets_the_value_into_the_log()
    {
        await StartAsync(_store.Gives(1, ("number", "1")).Gives(2, ("number", "s3cret")).Gives(3, ("number", "3")));
        var configuration = _configuration!;
        using var listening = ChangeToken.OnChange(configuration.GetReloadToken, () => configuration.GetValue<int>("number"));

        await PassAsync(Every);
        _logs.Errors.ShouldHaveSingleItem().Words.ShouldContain("InvalidOperationException");

        await PassAsync(Every);
        configuration["number"].ShouldBe("3");
    }

    private async Task StartAsync(ScriptedStore store)
    {
        var secrets = new SecretProvider(store, new SecretTiming(Every, 1), _time);
        _configuration = new ConfigurationBuilder().Add(secrets).Build();
        _services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(_logs))
            .AddSingleton<TimeProvider>(_time)
            .AddRefreshing(secrets)
            .BuildServiceProvider();
        foreach (var service in _services.GetServices<IHostedService>().Where(service => service is SecretRefreshing))
        {
            await service.StartAsync(Cancellation);
        }

        await TimerAsync();
    }

    private async Task PassAsync(TimeSpan time)
    {
        _time.Advance(time);
        await TimerAsync();
    }

    // It waits again when it has looked.
    private Task TimerAsync() => Eventually.IsSoAsync("it waits", _ => Task.FromResult(_time.Timers > 0), Cancellation);

    private Task<HealthCheckResult> HealthAsync() =>
        ActivatorUtilities.CreateInstance<SecretCheck>(_services!).CheckHealthAsync(new HealthCheckContext(), Cancellation);
}
