using Microsoft.Extensions.FileProviders;

namespace TicketAspire.Web;

/// <summary>Style, scripts and icon: the folder wwwroot, which is part of the assembly.</summary>
internal static class Assets
{
    public static void UseAssets(this WebApplication app) => app.UseStaticFiles(new StaticFileOptions
    {
        FileProvider = new EmbeddedFileProvider(typeof(Assets).Assembly, typeof(Assets).Namespace + ".wwwroot"),
        // Names carry no version, so a browser asks each time and is told "not modified".
        OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = "no-cache",
    });
}
