// The distributed edition: the four services as processes of their own under Aspire's dashboard, with Redis, Elasticsearch, Kibana,
// Logstash and Vault in containers. `aspire run -- --no-containers` leaves these out and keeps everything in one SQLite file.
// What is behind these lines is in Distributed/, a file each.
using TicketAspire.AppHost.Resources;
using TicketAspire.AppHost.Resources.Elasticsearch;
using TicketAspire.AppHost.Commands;
using TicketAspire.ServiceDefaults;

const string noContainers = "--no-containers";

// A switch without a value would take the next argument for one.
string[] settings = [.. args.Where(arg => arg != noContainers)];
var builder = DistributedApplication.CreateBuilder(settings);

var inference = builder.AddService<Projects.Inference>("inference", DefaultPorts.Inference)
    .WithExternalHttpEndpoints()
    .WithAddressInDetails()
    .WithReplicas(2);

var retrainer = builder.AddService<Projects.Retrainer>("retrainer", DefaultPorts.Retrainer);

var api = builder.AddService<Projects.Api>("api", DefaultPorts.Api)
    .WithExternalHttpEndpoints()
    .WithLink("API", "/swagger")
    .WithReference(inference)
    .WithReference(retrainer)
    .WaitFor(inference);

var web = builder.AddService<Projects.Web>("web", DefaultPorts.Web)
    .WithExternalHttpEndpoints()
    .WithLink("TicketAspire", "/")
    .WithReference(api)
    .WaitFor(api);

IResourceBuilder<ProjectResource>[] services = [inference, retrainer, api, web];
services.GiveSettings(settings);
retrainer.WithModelCommands(api);
api.WithTicketCommands();

if (args.Contains(noContainers))
{
    builder.KeepInOneFile(services);
}
else
{
    builder.RequireContainerRuntime();

    var redis = builder.AddRedis("redis", password: builder.AddGeneratedSecret("redis-password"))
        .WithDataVolume("ticketaspire-redis-data")
        .WithAppendOnlyFile();
    var elasticsearch = builder.AddElasticsearchNode(
            "elasticsearch", builder.AddGeneratedSecret("elasticsearch-password"), "ticketaspire-elasticsearch-data")
        .WithHeap("1g");
    var kibana = builder.AddKibana("kibana", elasticsearch);
    var logstash = builder.AddLogstash("logstash", elasticsearch).WaitForCompletion(kibana.AddImport("kibana-import", elasticsearch));
    var vault = builder.AddVault("vault");

    foreach (var service in services)
    {
        service.WithVault(vault).WithCredentials(redis, vault).WithLogsTo(logstash);
    }

    api.WithCredentials(elasticsearch, vault);
}

return await builder.Build().RunToEndAsync();
