using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults.Errors;
using TicketAspire.ServiceDefaults.Limits;
using TicketAspire.Storage.Import;

namespace TicketAspire.Api.Classifiers;

/// <summary>Reads a CSV from a request, row by row: it is the body, or the one file of a form.</summary>
internal static class CsvUpload
{
    private const string Form = "multipart/form-data";

    /// <summary>What is taken; the last one is what curl calls a file that it was not told the type of.</summary>
    public static readonly string[] ContentTypes =
        ["text/csv", "application/csv", "application/octet-stream", Form, "application/x-www-form-urlencoded"];

    /// <summary>Reads it.</summary>
    /// <exception cref="RequestException">400: it cannot be used. 413: it is too long.</exception>
    public static async Task<CsvImportResult> ReadAsync(
        HttpContext context, CsvColumns columns, Action<Example> take, IProgress<ImportProgress>? progress, CancellationToken cancellation)
    {
        context.LimitBody(LimitDefaults.BulkBytes);

        try
        {
            if (context.Request.ContentType?.StartsWith(Form, StringComparison.OrdinalIgnoreCase) != true)
            {
                return await CsvImport.ReadAsync(context.Request.Body, columns, take, progress, cancellation);
            }

            var form = await context.Request.ReadFormAsync(cancellation);
            var file = form.Files.Count == 1
                ? form.Files[0]
                : throw RequestException.BadRequest("The form must hold one file");
            await using var csv = file.OpenReadStream();
            return await CsvImport.ReadAsync(csv, columns, take, progress, cancellation);
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
