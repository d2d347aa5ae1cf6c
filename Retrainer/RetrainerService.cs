using Microsoft.Extensions.DependencyInjection.Extensions;
using TicketAspire.Classifier.Engines;
using TicketAspire.Classifier.MLNet;
using TicketAspire.Retrainer.Comparisons;
using TicketAspire.Retrainer.Drift;
using TicketAspire.Retrainer.Imports;
using TicketAspire.Retrainer.Runs;
using TicketAspire.Retrainer.StarterData;
using TicketAspire.Retrainer.Triggers;
using TicketAspire.ServiceDefaults;
using TicketAspire.ServiceDefaults.Errors;
using TicketAspire.ServiceDefaults.Http;
using TicketAspire.ServiceDefaults.Telemetry;
using TicketAspire.ServiceDefaults.Telemetry.Rollups;
using TicketAspire.Storage;

namespace TicketAspire.Retrainer;

/// <summary>Watches feedback; trains, evaluates, and promotes or rejects. Compares two models when asked.</summary>
public static class RetrainerService
{
    private static readonly MLNetEngine MLNet = new();
    private static readonly EngineCatalog Engines = new(new OwnEngine(), MLNet);
    private static readonly TimeSpan StoreRetry = TimeSpan.FromSeconds(2);

    /// <summary>Builds the service, ready to run.</summary>
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(ServiceDefaultsExtensions.Options(args, "Retrainer"));
        builder.AddServiceDefaults("retrainer", DefaultPorts.Retrainer);
        builder.Services.AddStorage(builder.Configuration);
        builder.Services.AddWireFormat();
        builder.Services.AddRetraining(builder.Configuration);
        builder.Services.AddSingleton<StarterImport>();
        builder.Services.AddSingleton<ChampionCheck>();
        builder.Services.AddSingleton<FeedbackTrigger>();
        builder.Services.AddSingleton<ScheduleTrigger>();
        builder.Services.AddSingleton<News>();
        builder.Services.AddHostedService<RetrainingLoop>();
        builder.Services.Configure<DriftOptions>(builder.Configuration.GetSection(DriftOptions.Section));
        builder.Services.AddHostedService<DriftWatch>();
        builder.AddRollups(services => services.GetRequiredService<IRollupStore>().AddAsync);
        // A schedule that cannot be read is told at the start, not in the night.
        ScheduleTrigger.Parse(builder.Configuration[$"{RetrainingOptions.Section}:{nameof(RetrainingOptions.Schedule)}"]);
        EngineTraining.Check(builder.Configuration, Engines);
        (builder.Configuration.GetSection(DriftOptions.Section).Get<DriftOptions>() ?? new DriftOptions()).Checked();

        var app = builder.Build();
        app.UseJsonErrors(exception => exception switch
        {
            StorageException { IsFull: true } => new RequestException(
                StatusCodes.Status507InsufficientStorage, "The store is full: the model was not kept"),
            StorageException => RequestException.Unavailable("The retrainer cannot reach the store at the moment", StoreRetry),
            _ => null,
        });
        app.UseServiceDefaults();
        app.MapComparisons();
        app.MapModelImports();
        return app;
    }

    /// <summary>Adds what a run is made of: the service and the command line both carry runs out.</summary>
    internal static IServiceCollection AddRetraining(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton<Traces>();
        services.TryAddSingleton<Measures>();
        return services
            .AddMetrics()
            .Configure<RetrainingOptions>(configuration.GetSection(RetrainingOptions.Section))
            .AddSingleton(Engines)
            .AddSingleton<IModelImport>(MLNet)
            .AddSingleton<ExampleGathering>()
            .AddSingleton<NetworkReuse>()
            .AddSingleton<EngineTraining>()
            .AddSingleton<RunExecution>()
            .AddSingleton<ModelComparing>()
            .AddSingleton<ModelImporting>();
    }
}
