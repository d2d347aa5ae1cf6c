using TicketAspire.Classifier.Engines;
using TicketAspire.Classifier.MLNet;
using TicketAspire.Inference.Champions;
using TicketAspire.Inference.Predictions;
using TicketAspire.Inference.Shadows;
using TicketAspire.ServiceDefaults;
using TicketAspire.ServiceDefaults.Errors;
using TicketAspire.ServiceDefaults.Http;
using TicketAspire.ServiceDefaults.Telemetry;
using TicketAspire.ServiceDefaults.Telemetry.Rollups;
using TicketAspire.Storage;

namespace TicketAspire.Inference;

/// <summary>The model service: holds the champion of every classifier in memory and answers with it.</summary>
public static class InferenceService
{
    /// <summary>Builds the service, ready to run.</summary>
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(ServiceDefaultsExtensions.Options(args, "Inference"));
        builder.AddServiceDefaults("inference", DefaultPorts.Inference);
        builder.Services.AddStorage(builder.Configuration);
        builder.Services.AddWireFormat();
        builder.Services.AddSingleton<TicketText>();
        builder.Services.AddSingleton<ServedModels>();
        builder.Services.AddSingleton<Answering>();
        builder.Services.AddSingleton(new EngineCatalog(new OwnEngine(), new MLNetEngine()));
        builder.Services.AddSingleton<ServedModelFactory>();
        builder.Services.AddHostedService<ChampionWatch>();
        builder.Services.AddSingleton<ShadowQueue>();
        builder.Services.AddHostedService<ShadowComparing>();
        builder.AddRollups(services => services.GetRequiredService<IRollupStore>().AddAsync);
        builder.Services.AddHealthChecks().AddCheck<ModelsCheck>("models");

        var app = builder.Build();
        var served = app.Services.GetRequiredService<ServedModels>();
        app.Services.GetRequiredService<Measures>().ObserveChampions(
            () => served.All.Values.Select(model => (model.Name, model.Version, model.Accuracy)));
        app.UseJsonErrors();
        app.UseServiceDefaults();
        app.MapPredictions();
        app.MapServedClassifiers();
        return app;
    }
}
