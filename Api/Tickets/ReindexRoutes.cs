using System.Buffers;
using System.Text.Json;
using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults.Errors;
using TicketAspire.ServiceDefaults.Http;
using TicketAspire.Storage;
using TicketAspire.Storage.Elasticsearch;

namespace TicketAspire.Api.Tickets;

/// <summary><c>POST /tickets/reindex</c>: writes the store's tickets to Elasticsearch, and tells line by line how far it is.</summary>
internal static class ReindexRoutes
{
    public static void MapReindexing(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/tickets/reindex", AnswerAsync)
            .WithTags("Tickets")
            .WithSummary("Writes the store's tickets to Elasticsearch: those from before it was configured, and what was dropped. By classifier, from and to.")
            .Produces<ReindexProgress>(StatusCodes.Status200OK, Ndjson.ContentType);

    private static async Task AnswerAsync(
        string? classifier, string? from, string? to, HttpContext context, CancellationToken cancellation)
    {
        var reindexing = context.RequestServices.GetService<TicketReindexing>()
            ?? throw RequestException.Conflict("Tickets are searched in the store itself: there is no Elasticsearch to write them to");
        var query = new TicketFilter { Classifier = classifier, From = from, To = to }.ToQuery();
        await using var steps = reindexing.RunAsync(query, cancellation).GetAsyncEnumerator(cancellation);
        try
        {
            // Before the answer begins, what is wrong has a status.
            await steps.MoveNextAsync();
        }
        catch (InvalidOperationException exception)
        {
            throw RequestException.Conflict(exception.Message);
        }

        context.Response.ContentType = Ndjson.ContentType;
        using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        try
        {
            do
            {
                await WriteAsync(context, json, () => JsonSerializer.Serialize(json, steps.Current, ContractsJson.Default.ReindexProgress));
            }
            while (await steps.MoveNextAsync());
        }
        catch (StorageException exception)
        {
            await WriteAsync(context, json, () => JsonSerializer.Serialize(json, new BatchError(exception.Message), ContractsJson.Default.BatchError));
        }
    }

    private static async Task WriteAsync(HttpContext context, Utf8JsonWriter json, Action write)
    {
        write();
        json.Flush();
        json.Reset();
        context.Response.BodyWriter.Write("\n"u8);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
