using System.Globalization;
using System.Net.Http.Headers;

namespace TicketAspire.Web;

/// <summary>Passes the Api's files on as they come, so that the browser talks to one origin only.</summary>
internal sealed class DownloadRelay(HttpClient http)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/classifiers/{name}/dataset", DatasetAsync);
        routes.MapGet("/classifiers/{name}/models/{version:int}/file", ModelAsync);
    }

    /// <summary>Where a page finds a data set as CSV.</summary>
    /// <param name="name">The classifier.</param>
    /// <param name="feedback">Whether what people said is in it, too.</param>
    public static string DatasetAddress(string name, bool feedback) =>
        $"/classifiers/{Uri.EscapeDataString(name)}/dataset{(feedback ? "" : "?feedback=false")}";

    /// <summary>Where a page finds a model's file.</summary>
    public static string ModelAddress(string name, int version) =>
        string.Create(CultureInfo.InvariantCulture, $"/classifiers/{Uri.EscapeDataString(name)}/models/{version}/file");

    private static Task DatasetAsync(string name, bool? feedback, HttpContext context, DownloadRelay relay) =>
        relay.RunAsync(context, DatasetAddress(name, feedback ?? true), "text/csv; charset=utf-8", name + ".csv");

    private static Task ModelAsync(string name, int version, HttpContext context, DownloadRelay relay) =>
        relay.RunAsync(
            context,
            ModelAddress(name, version),
            "application/octet-stream",
            string.Create(CultureInfo.InvariantCulture, $"{name}-{version}.model"));

    // The Api's paths are the same. What the file is and that it is to be kept is said here: nothing of it is a page.
    private async Task RunAsync(HttpContext context, string path, string type, string file)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path.TrimStart('/'), UriKind.Relative));
        using var response = await http.SendCheckedAsync(
            request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        context.Response.ContentType = type;
        context.Response.ContentLength = response.Content.Headers.ContentLength;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.ContentDisposition =
            new ContentDispositionHeaderValue("attachment") { FileName = file }.ToString();
        try
        {
            await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException && context.Response.HasStarted)
        {
            // Half a file must not look like a whole one.
            context.Abort();
        }
    }
}
