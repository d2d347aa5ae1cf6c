// The distributed edition: the four services under Aspire's orchestrator, on one embedded store.
var builder = DistributedApplication.CreateBuilder(args);

string data = Path.GetFullPath(builder.Configuration["Storage:Path"] ?? Path.Combine(builder.AppHostDirectory, "..", "data", "ticketaspire.db"));

var inference = builder.AddProject<Projects.Inference>("inference")
    .WithHttpEndpoint(port: 6000)
    .WithHttpHealthCheck("/alive")
    .WithEnvironment("Storage__Path", data);

var retrainer = builder.AddProject<Projects.Retrainer>("retrainer")
    .WithHttpEndpoint(port: 6001)
    .WithHttpHealthCheck("/health")
    .WithEnvironment("Storage__Path", data);

var api = builder.AddProject<Projects.Api>("api")
    .WithHttpEndpoint(port: 5000)
    .WithHttpHealthCheck("/health")
    .WithExternalHttpEndpoints()
    .WithUrlForEndpoint("http", url => url.DisplayText = "API")
    .WithEnvironment("Storage__Path", data)
    .WithReference(inference)
    .WithReference(retrainer)
    .WaitFor(inference);

builder.AddProject<Projects.Web>("web")
    .WithHttpEndpoint(port: 3000)
    .WithHttpHealthCheck("/health")
    .WithExternalHttpEndpoints()
    .WithUrlForEndpoint("http", url => url.DisplayText = "TicketAspire")
    .WithReference(api)
    .WaitFor(api);

await builder.Build().RunAsync();
