// The four services as processes of their own under Aspire's dashboard, and what they keep things in: Redis, Elasticsearch,
// Kibana, Logstash and Vault in containers where an engine runs them, else one SQLite file. What is behind these lines is in
// Resources/, Commands/ and Starting/, a file each.
using TicketAspire.AppHost.Commands;
using TicketAspire.AppHost.Resources;
using TicketAspire.AppHost.Resources.Elasticsearch;
using TicketAspire.AppHost.Starting;
using TicketAspire.ServiceDefaults;

return await AppHostRun.StartAsync(args, (builder, options) =>
{
    var inference = builder.AddService<Projects.Inference>("inference", DefaultPorts.Inference)
        .WithExternalHttpEndpoints()
        .WithAddressInDetails()
        .WithReplicas(2);

    var retrainer = builder.AddService<Projects.Retrainer>("retrainer", DefaultPorts.Retrainer);

    var api = builder.AddService<Projects.Api>("api", DefaultPorts.Api)
        .WithExternalHttpEndpoints()
        .WithLink("API", "/swagger")
        .WithReference(inference)
        .WithReference(retrainer);

    var web = builder.AddService<Projects.Web>("web", DefaultPorts.Web)
        .WithExternalHttpEndpoints()
        .WithLink("TicketAspire", "/")
        .WithReference(api);

    IResourceBuilder<ProjectResource>[] services = [inference, retrainer, api, web];
    retrainer.WithModelCommands(api);
    api.WithTicketCommands();

    // Servers that are there already: --redis, --elasticsearch.
    var redis = builder.AddServer(Servers.Redis);
    var elasticsearch = builder.AddServer(Servers.Elasticsearch);
    var containers = options.Containers == true;
    var vault = containers ? builder.AddVault("vault") : null;

    if (containers)
    {
        redis ??= builder.AddRedis(Servers.Redis, password: builder.AddGeneratedSecret("redis-password"))
            .WithDataVolume("ticketaspire-redis-data")
            .WithAppendOnlyFile();
    }

    if (containers && elasticsearch is null)
    {
        var node = builder.AddElasticsearchNode(
                Servers.Elasticsearch, builder.AddGeneratedSecret("elasticsearch-password"), "ticketaspire-elasticsearch-data")
            .WithHeap("1g");
        var kibana = builder.AddKibana("kibana", node);
        var logstash = builder.AddLogstash("logstash", node).WaitForCompletion(kibana.AddImport("kibana-import", node));
        Array.ForEach(services, service => service.WithLogsTo(logstash));
        elasticsearch = node;
    }

    foreach (var service in services)
    {
        _ = vault is null ? service : service.WithVault(vault);
        _ = redis is null ? service.WithOneFile() : service.WithStore(redis, vault);
    }

    _ = elasticsearch is null ? api : api.WithStore(elasticsearch, vault);
    services.GiveSettings(options.Settings);
});
