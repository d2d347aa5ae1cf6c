using Microsoft.Extensions.Diagnostics.HealthChecks;
using TicketAspire.Api.Classifiers;
using TicketAspire.Api.Events;
using TicketAspire.Api.Feedback;
using TicketAspire.Api.Operations;
using TicketAspire.Api.Predictions;
using TicketAspire.Api.Tickets;
using TicketAspire.ServiceDefaults;
using TicketAspire.ServiceDefaults.Errors;
using TicketAspire.ServiceDefaults.Http;
using TicketAspire.ServiceDefaults.Telemetry;
using TicketAspire.ServiceDefaults.Telemetry.Rollups;
using TicketAspire.Storage;
using TicketAspire.Storage.Elasticsearch;

namespace TicketAspire.Api;

/// <summary>The public backend: classifies through Inference, remembers tickets and feedback, and shows what goes on.</summary>
public static class ApiService
{
    private static readonly TimeSpan StoreRetry = TimeSpan.FromSeconds(2);

    /// <summary>Builds the service, ready to run.</summary>
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(ServiceDefaultsExtensions.Options(args, "Api"));
        builder.AddServiceDefaults("api", DefaultPorts.Api);
        builder.Services.AddStorage(builder.Configuration);
        builder.Services.AddTicketRecorder(
            builder.Configuration, services => count => services.GetRequiredService<Measures>().HasDropped("ticket-log", count));
        builder.Services.AddWireFormat();
        builder.Services.AddSingleton<TicketText>();
        builder.Services.AddSingleton<TicketRecording>();
        builder.Services.AddSingleton<FeedbackRecording>();
        builder.Services.AddSingleton<ClassifierSummaries>();
        builder.Services.AddSingleton<OperationsReporting>();
        builder.Services.AddSingleton<EventBroadcast>();
        builder.Services.AddHostedService(services => services.GetRequiredService<EventBroadcast>());
        builder.Services.AddServiceClient<InferenceClient>("inference");
        builder.Services.AddServiceClient<RetrainerClient>("retrainer");
        builder.AddRollups(services => services.GetRequiredService<IRollupStore>().AddAsync);
        builder.Services.AddSingleton<StoreCheck>();
        builder.Services.AddHealthChecks()
            .AddCheck<StoreCheck>("store")
            // Whoever asks for the health waits less than this.
            .AddCheck<InferenceCheck>("inference", HealthStatus.Degraded, tags: [], timeout: TimeSpan.FromSeconds(2));
        builder.Services.AddOpenApi(openApi => openApi.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "TicketAspire";
            document.Info.Description = "Classifies tickets, routes them, and learns from corrections.";
            return Task.CompletedTask;
        }));
        builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .WithOrigins(builder.Configuration.GetSection("Cors:Origins").Get<string[]>() ?? [])
            .AllowAnyHeader()
            .AllowAnyMethod()));

        var app = builder.Build();
        app.UseJsonErrors(exception => exception switch
        {
            StorageException { IsFull: true } => new RequestException(
                StatusCodes.Status507InsufficientStorage, "The store is full; nothing was saved. Its operator has to make room"),
            StorageException => RequestException.Unavailable(
                "The store cannot be reached at the moment; what was sent has to be sent again", StoreRetry),
            _ => null,
        });
        app.UseCors();
        app.UseServiceDefaults();
        app.MapPredictions();
        app.MapTickets();
        app.MapReindexing();
        app.MapStatistics();
        app.MapFeedback();
        app.MapClassifiers();
        app.MapDatasets();
        app.MapModels();
        app.MapChallengers();
        app.MapRuns();
        app.MapEvents();
        app.MapOperations();
        app.MapOpenApi();
        app.UseSwaggerUI(page => page.SwaggerEndpoint("/openapi/v1.json", "TicketAspire"));
        app.MapGet("/", () => TypedResults.Redirect("/swagger")).ExcludeFromDescription();
        return app;
    }
}
