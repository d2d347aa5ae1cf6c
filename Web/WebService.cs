using Microsoft.AspNetCore.DataProtection;
using TicketAspire.ServiceDefaults;
using TicketAspire.ServiceDefaults.Http;
using TicketAspire.Storage.Redis;
using TicketAspire.Web.Components;

namespace TicketAspire.Web;

/// <summary>The pages that people use, on top of the Api service.</summary>
public static class WebService
{
    /// <summary>Composes the service; it listens on port 3000 unless configured otherwise.</summary>
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(ServiceDefaultsExtensions.Options(args, "Web"));
        builder.AddServiceDefaults("web", DefaultPorts.Web);
        builder.Services.AddServiceClient<ApiClient>("api");
        builder.Services.AddServiceClient<EventRelay>("api", streaming: true);
        builder.Services.AddServiceClient<DownloadRelay>("api", streaming: true);
        builder.Services.AddRazorComponents();
        builder.Services.AddAntiforgery(options => options.Cookie.Name = "ticketaspire-form");
        builder.AddKeys();

        var app = builder.Build();
        app.UseSecurityHeaders();
        app.UsePageErrors();
        app.UseAssets();
        app.UseServiceDefaults();
        app.UseAntiforgery();
        app.UseStaleFormCheck();
        app.MapRazorComponents<App>();
        FeedbackForm.Map(app);
        ReviewForm.Map(app);
        ModelForms.Map(app);
        EventRelay.Map(app);
        DownloadRelay.Map(app);
        return app;
    }

    private static void AddKeys(this WebApplicationBuilder builder)
    {
        // Forms are signed. Several replicas must share the keys; a single one can do with new ones at each start.
        var protection = builder.Services.AddDataProtection().SetApplicationName("TicketAspire.Web");
        if (builder.Configuration["DataProtection:Path"] is { Length: > 0 } path)
        {
            protection.PersistKeysToFileSystem(new DirectoryInfo(path));
        }
        else if (builder.Configuration.UsesRedis())
        {
            protection.PersistKeysToRedis(builder.Configuration);
        }
        else
        {
            protection.UseEphemeralDataProtectionProvider();
        }

        // A form or cookie from before a restart is no fault: the person is told to send it again.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Antiforgery", LogLevel.None);
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
    }
}
