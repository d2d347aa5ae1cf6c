using TicketAspire.AppHost.Resources;
using TicketAspire.AppHost.Resources.Elasticsearch;
using TicketAspire.ServiceDefaults.Starting;
using TicketAspire.Storage;
using TicketAspire.Storage.Redis;

namespace TicketAspire.AppHost.Starting;

/// <summary>
/// Whether the servers answer that are said to be there. The services wait for one that is away; a person at a console wants
/// to know.
/// </summary>
internal static class ServerCheck
{
    /// <summary>Refuses to start where one does not answer.</summary>
    /// <exception cref="StartException">One does not; the message says which.</exception>
    public static async Task RequireAsync(DistributedApplicationModel model, CancellationToken cancellation)
    {
        if (Find(model, Servers.Redis) is { } redis)
        {
            try
            {
                await RedisDurability.LookAsync((await redis.GetConnectionStringAsync(cancellation))!, cancellation);
            }
            catch (StorageException exception)
            {
                throw new StartException($"{exception.Message}. --redis names the server, host:port");
            }
        }

        if (Find(model, Servers.Elasticsearch) is { } elasticsearch
            && await ElasticsearchCheck.ProblemAsync(await elasticsearch.GetConnectionStringAsync(cancellation), cancellation) is { } problem)
        {
            throw new StartException($"{problem}. --elasticsearch names the server, http://user:password@host:9200");
        }
    }

    // One that runs in a container here is waited for.
    private static IResourceWithConnectionString? Find(DistributedApplicationModel model, string name) =>
        model.Resources.OfType<IResourceWithConnectionString>().FirstOrDefault(resource => resource.Name == name && resource is not ContainerResource);
}
