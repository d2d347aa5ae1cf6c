using Microsoft.AspNetCore.Mvc;
using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults.Errors;
using TicketAspire.Storage;
using TicketAspire.Storage.Export;
using TicketAspire.Storage.Import;

namespace TicketAspire.Api.Classifiers;

/// <summary>Imports an organisation's own examples, shows what an import would bring, and gives them back.</summary>
internal static class DatasetRoutes
{
    public static void MapDatasets(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/classifiers/{name}/dataset").WithTags("Classifiers");
        group.MapPost("", ImportAsync)
            .Accepts<string>(CsvUpload.ContentTypes[0], CsvUpload.ContentTypes[1..])
            .Produces<ImportResponse>(StatusCodes.Status202Accepted)
            .WithSummary("Imports a CSV with a text and a label column, creates the classifier if the name is new, and trains it. mode=append adds to the present data set. Progress comes on /events.");
        group.MapPost("preview", PreviewAsync)
            .Accepts<string>(CsvUpload.ContentTypes[0], CsvUpload.ContentTypes[1..])
            .Produces<ImportPreview>()
            .WithSummary("Says what the same import would bring: labels, duplicates, contradictions, rows left out. Keeps nothing.");
        group.MapGet("", ExportAsync)
            .Produces<string>(StatusCodes.Status200OK, "text/csv")
            .WithSummary("The examples and the feedback as a CSV that can be imported again; with feedback=false what was imported.");
    }

    private static async Task<IResult> ImportAsync(
        [AsParameters] ImportRequest request, HttpContext context, IClassifierStore classifiers, IDatasetStore datasets, IRunStore runs,
        IEventLog events, TimeProvider time, CancellationToken cancellation)
    {
        request.Check();
        using var packing = new DatasetPacking();
        if (request.Appends && await classifiers.FindAsync(request.Name, cancellation) is { } present)
        {
            packing.AddAll(await datasets.ReadAsync(present.Dataset, cancellation));
        }

        CsvImportResult result;
        await using (var progress = new ImportAnnouncement(request.Name, events, time))
        {
            result = await CsvUpload.ReadAsync(context, request.Columns, packing.Add, progress, cancellation);
        }

        var response = await DatasetImport.KeepAsync(
            request.Name, packing.Finish(), result, datasets, classifiers, runs, cancellation);
        return TypedResults.Accepted($"/classifiers/{request.Name}/runs/{response.Run.Id}", response);
    }

    private static async Task<IResult> PreviewAsync(
        [AsParameters] ImportRequest request, HttpContext context, IClassifierStore classifiers, CancellationToken cancellation)
    {
        request.Check();
        var result = await CsvUpload.ReadAsync(context, request.Columns, _ => { }, progress: null, cancellation);
        var present = await classifiers.FindAsync(request.Name, cancellation);
        return TypedResults.Ok(result.Preview(request.Name, present, request.Appends));
    }

    private static async Task<IResult> ExportAsync(
        string name, [FromQuery(Name = "feedback")] bool? withFeedback, IClassifierStore classifiers, IDatasetStore datasets,
        IFeedbackStore feedback, CancellationToken cancellation)
    {
        var classifier = await classifiers.GetAsync(name, cancellation);
        var examples = await datasets.ReadAsync(classifier.Dataset, cancellation);
        IReadOnlyList<FeedbackEntry> entries = withFeedback == false ? [] : await feedback.ReadAsync(name, cancellation);
        return TypedResults.Stream(
            output => CsvExport.WriteAsync(output, examples, entries, cancellation), "text/csv; charset=utf-8", $"{name}.csv");
    }
}

/// <summary>What an import says in its address.</summary>
internal sealed class ImportRequest
{
    /// <summary>The classifier.</summary>
    [FromRoute(Name = "name")]
    public required string Name { get; init; }

    /// <summary><c>replace</c> (the default) or <c>append</c>.</summary>
    [FromQuery(Name = "mode")]
    public string? Mode { get; init; }

    /// <summary>The text column's header, where the usual names do not fit.</summary>
    [FromQuery(Name = "text_column")]
    public string? TextColumn { get; init; }

    /// <summary>The label column's header, where the usual names do not fit.</summary>
    [FromQuery(Name = "label_column")]
    public string? LabelColumn { get; init; }

    public bool Appends => Mode == ImportModes.Append;

    public CsvColumns Columns => new(TextColumn, LabelColumn);

    /// <exception cref="RequestException">400: the name or the mode is none.</exception>
    public void Check()
    {
        if (!ClassifierName.IsValid(Name))
        {
            throw RequestException.BadRequest($"A classifier's name has {ClassifierName.Rule}");
        }

        if (Mode is not (null or ImportModes.Replace or ImportModes.Append))
        {
            throw RequestException.BadRequest("'mode' is replace or append");
        }
    }
}
