using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using TicketAspire.Storage;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.Storage;

public sealed class StorageRegistrationTests : IAsyncDisposable
{
    private readonly SqliteSite _site = new();

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task Every_store_is_there_once_and_they_share_the_configured_file()
    {
        await using var services = Services(new ServiceCollection());

        foreach (var type in new[]
        {
            typeof(IClassifierStore), typeof(IDatasetStore), typeof(ITicketStore), typeof(IFeedbackStore), typeof(IModelStore),
            typeof(IRunStore), typeof(IEventLog), typeof(IRollupStore), typeof(IDriftStore), typeof(ITicketLog),
        })
        {
            services.GetRequiredService(type).ShouldBeSameAs(services.GetRequiredService(type));
        }

        services.GetRequiredService<TimeProvider>().ShouldBeSameAs(TimeProvider.System);
        File.Exists(_site.File).ShouldBeTrue();
        (await services.GetRequiredService<IEventLog>().LatestAsync(TestContext.Current.CancellationToken)).ShouldBe(0);
    }

    [Fact]
    public void What_was_registered_before_stays()
    {
        var time = new ManualTime();
        using var services = Services(new ServiceCollection().AddSingleton<TimeProvider>(time));

        services.GetRequiredService<TimeProvider>().ShouldBeSameAs(time);
    }

    private ServiceProvider Services(IServiceCollection services) =>
        services.AddStorage(new ConfigurationBuilder()
                .AddInMemoryCollection([new KeyValuePair<string, string?>("Storage:Path", _site.File)])
                .Build())
            .BuildServiceProvider(validateScopes: true);
}
