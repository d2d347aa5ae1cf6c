using TicketAspire.Retrainer.Runs;
using TicketAspire.Retrainer.StarterData;
using TicketAspire.Retrainer.Triggers;
using TicketAspire.ServiceDefaults;
using TicketAspire.ServiceDefaults.Errors;
using TicketAspire.Storage;

namespace TicketAspire.Retrainer;

/// <summary>Watches feedback; trains, evaluates, and promotes or rejects. Listens only for questions about its health.</summary>
public static class RetrainerService
{
    /// <summary>Builds the service, ready to run.</summary>
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(ServiceDefaultsExtensions.Options(args, "Retrainer"));
        builder.AddServiceDefaults("retrainer", DefaultPorts.Retrainer);
        builder.Services.AddStorage(builder.Configuration);
        builder.Services.Configure<RetrainingOptions>(builder.Configuration.GetSection(RetrainingOptions.Section));
        builder.Services.AddSingleton<StarterImport>();
        builder.Services.AddSingleton<ChampionCheck>();
        builder.Services.AddSingleton<FeedbackTrigger>();
        builder.Services.AddSingleton<ExampleGathering>();
        builder.Services.AddSingleton<RunExecution>();
        builder.Services.AddHostedService<RetrainingLoop>();

        var app = builder.Build();
        app.UseJsonErrors();
        app.UseServiceDefaults();
        return app;
    }
}
