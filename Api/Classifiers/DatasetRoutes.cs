using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults.Errors;
using TicketAspire.ServiceDefaults.Limits;
using TicketAspire.Storage;
using TicketAspire.Storage.Import;

namespace TicketAspire.Api.Classifiers;

/// <summary>Imports an organisation's own examples.</summary>
internal static class DatasetRoutes
{
    private const string Form = "multipart/form-data";

    /// <summary>What curl calls a file that it was not told the type of.</summary>
    private const string UrlEncoded = "application/x-www-form-urlencoded";

    public static void MapDatasets(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/classifiers/{name}/dataset", ImportAsync)
            .WithTags("Classifiers")
            .Accepts<string>("text/csv", "application/csv", "application/octet-stream", Form, UrlEncoded)
            .Produces<ImportResponse>(StatusCodes.Status202Accepted)
            .WithSummary("Imports a CSV with a text and a label column, creates the classifier if the name is new, and trains it. mode=append adds to the present data set.");

    private static async Task<IResult> ImportAsync(
        string name, string? mode, [Microsoft.AspNetCore.Mvc.FromQuery(Name = "text_column")] string? textColumn,
        [Microsoft.AspNetCore.Mvc.FromQuery(Name = "label_column")] string? labelColumn,
        HttpContext context, IClassifierStore classifiers, IDatasetStore datasets, IRunStore runs, CancellationToken cancellation)
    {
        if (!ClassifierName.IsValid(name))
        {
            throw RequestException.BadRequest($"A classifier's name has {ClassifierName.Rule}");
        }

        if (mode is not (null or "replace" or "append"))
        {
            throw RequestException.BadRequest("'mode' is replace or append");
        }

        var result = await ReadAsync(context, new CsvColumns(textColumn, labelColumn), cancellation);
        var present = await classifiers.FindAsync(name, cancellation);
        IReadOnlyList<Example> examples = mode == "append" && present is not null
            ? [.. await datasets.ReadAsync(present.Dataset, cancellation), .. result.Examples]
            : result.Examples;
        var dataset = await datasets.SaveAsync(examples, cancellation);
        var created = await classifiers.PutAsync(name, result.Label, dataset.Hash, cancellation);
        var run = await runs.RequestAsync(name, RunTrigger.Import, cancellation);
        return TypedResults.Accepted(
            $"/classifiers/{name}/runs/{run.Id}",
            new ImportResponse(name, created, dataset, result.Rows, result.Skipped, result.Problems, run));
    }

    private static async Task<CsvImportResult> ReadAsync(HttpContext context, CsvColumns columns, CancellationToken cancellation)
    {
        context.LimitBody(LimitDefaults.BulkBytes);

        try
        {
            if (context.Request.ContentType?.StartsWith(Form, StringComparison.OrdinalIgnoreCase) != true)
            {
                return await CsvImport.ReadAsync(context.Request.Body, columns, cancellation);
            }

            var form = await context.Request.ReadFormAsync(cancellation);
            var file = form.Files.Count == 1
                ? form.Files[0]
                : throw RequestException.BadRequest("The form must hold one file");
            await using var csv = file.OpenReadStream();
            return await CsvImport.ReadAsync(csv, columns, cancellation);
        }
        catch (CsvImportException exception)
        {
            throw RequestException.BadRequest(exception.Message);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException and not BadHttpRequestException)
        {
            // A form that is not one, or that ends before its last part does.
            throw RequestException.BadRequest("The form cannot be read");
        }
    }
}
