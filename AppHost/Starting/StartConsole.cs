using TicketAspire.AppHost.Resources;
using TicketAspire.ServiceDefaults.Starting;
using TicketAspire.Storage;
using TicketAspire.Storage.Redis;

namespace TicketAspire.AppHost.Starting;

/// <summary>Says on the console what the stand-alone host says: where everything is, how far the first training is, and Ready.</summary>
/// <param name="model">The resources.</param>
/// <param name="dashboard">The dashboard's page.</param>
/// <param name="file">The SQLite file, for where there is no Redis.</param>
/// <param name="starterData">Whether classifiers come by themselves at the first start.</param>
internal sealed class StartConsole(DistributedApplicationModel model, Task<Uri> dashboard, string file, bool starterData)
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly (string Name, string Purpose)[] Services =
    [
        ("web", "the pages: open this"),
        ("api", "the public API, documented at /swagger"),
        ("inference", "the model service: POST /predict"),
        ("retrainer", "learns from corrections, compares models"),
    ];

    /// <summary>Says it, as it becomes known.</summary>
    /// <param name="watch">Is told when the system is ready.</param>
    /// <param name="stopping">Ends it.</param>
    public async Task FollowAsync(StartWatch watch, CancellationToken stopping)
    {
        stopping.Register(() => Console.WriteLine("Stopping."));
        try
        {
            // First the dashboard: it shows what the rest waits for.
            Console.WriteLine("TicketAspire");
            Say("Dashboard", (await dashboard.WaitAsync(stopping)).ToString(), "Aspire's: traces, metrics, logs, commands");
            using var http = new HttpClient { Timeout = Patience };
            foreach (var (name, purpose) in Services)
            {
                var address = await AddressAsync(name, stopping);
                await AnswersAsync(http, address, stopping);
                Say(Resources.Services.Title(name), address.ToString().TrimEnd('/'), purpose);
            }

            await SayDataAsync(stopping);
            using var api = new HttpClient { BaseAddress = await AddressAsync("api", stopping), Timeout = Patience };
            await new TrainingConsole(api, Console.Out, starterData).FollowAsync(stopping);
            watch.End();
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            // The app host stops, and whatever is asked stops answering.
        }
        catch (Exception exception)
        {
            watch.End();
            // Nobody awaits this, and the system does not need it.
            Say("Warning", $"how the start goes on is not known here, but on the dashboard: {exception.Message}", string.Empty);
        }
    }

    private static async Task AnswersAsync(HttpClient http, Uri service, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri(service, "alive"), cancellation);
                return;
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException && !cancellation.IsCancellationRequested)
            {
                await Task.Delay(Every, TimeProvider.System, cancellation);
            }
        }
    }

    private async Task<Uri> AddressAsync(string service, CancellationToken cancellation) => new(
        await Find<IResourceWithEndpoints>(service)!.GetEndpoint(Resources.Services.Endpoint).GetValueAsync(cancellation)
            ?? throw new DistributedApplicationException($"{service} has no address."));

    private T? Find<T>(string name)
        where T : class, IResource => model.Resources.OfType<T>().FirstOrDefault(resource => resource.Name == name);

    private async Task SayDataAsync(CancellationToken cancellation)
    {
        if (!model.Resources.OfType<ContainerResource>().Any())
        {
            Say("Containers", "none", "with Docker or Podman: Redis, Elasticsearch, Kibana, Logstash and Vault");
        }

        var redis = Find<IResourceWithConnectionString>(Servers.Redis);
        if (redis is null)
        {
            Say("Data", file, string.Empty);
            return;
        }

        try
        {
            var (address, doubt) = await RedisDurability.LookAsync((await redis.GetConnectionStringAsync(cancellation))!, cancellation);
            if (doubt is not null)
            {
                Say("Warning", doubt, string.Empty);
            }

            Say("Data", $"Redis at {address}", string.Empty);
        }
        catch (StorageException)
        {
            // It may be busy with its own start; the services wait for it.
            Say("Data", "Redis, which does not answer just now", string.Empty);
        }
    }

    private static void Say(string what, string where, string purpose) => Console.WriteLine($"  {what,-10} {where,-24} {purpose}".TrimEnd());
}
