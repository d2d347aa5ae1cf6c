using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults.Errors;
using TicketAspire.ServiceDefaults.Limits;
using TicketAspire.Storage;

namespace TicketAspire.Retrainer.Imports;

/// <summary><c>POST /classifiers/{name}/models</c> with a model in the body, which the Api passes on.</summary>
internal static class ImportRoutes
{
    public static void MapModelImports(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/classifiers/{name}/models", ImportAsync);

    private static async Task<Ok<ModelInfo>> ImportAsync(
        string name, [FromQuery(Name = "text_column")] string? textColumn, HttpContext context, IClassifierStore classifiers, ModelImporting importing, CancellationToken cancellation)
    {
        context.LimitBody(LimitDefaults.BulkBytes);
        var classifier = await classifiers.FindAsync(name, cancellation)
            ?? throw RequestException.NotFound($"There is no classifier '{name}'");
        try
        {
            using var file = new MemoryStream();
            await context.Request.Body.CopyToAsync(file, cancellation);
            return TypedResults.Ok(await importing.ImportAsync(classifier, file.ToArray(), textColumn, cancellation));
        }
        catch (InvalidDataException exception)
        {
            throw RequestException.BadRequest(exception.Message);
        }
        catch (KeyNotFoundException exception)
        {
            throw RequestException.NotFound(exception.Message);
        }
        catch (UnmeasurableException exception)
        {
            throw RequestException.Conflict(exception.Message);
        }
    }
}
