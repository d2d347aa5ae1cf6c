using Microsoft.AspNetCore.Http.HttpResults;
using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults.Errors;
using TicketAspire.ServiceDefaults.Http;
using TicketAspire.Storage;

namespace TicketAspire.Api.Classifiers;

/// <summary>The classifiers and their settings.</summary>
internal static class ClassifierRoutes
{
    public static void MapClassifiers(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/classifiers").WithTags("Classifiers");
        group.MapGet("", ListAsync).WithSummary("Lists the classifiers.");
        group.MapGet("{name}", FindAsync).WithSummary("One classifier: its labels, data set, feedback, champion and run.");
        group.MapGet("{name}/settings", GetSettingsAsync).WithSummary("A classifier's own settings; what is absent is the configured default.");
        group.MapPut("{name}/settings", PutSettingsAsync)
            .Accepts<ClassifierSettings>("application/json")
            .Produces<ClassifierSettings>()
            .WithSummary("Replaces a classifier's own settings.");
    }

    private static async Task<Ok<IReadOnlyList<ClassifierSummary>>> ListAsync(
        IClassifierStore classifiers, ClassifierSummaries summaries, CancellationToken cancellation)
    {
        var list = new List<ClassifierSummary>();
        foreach (var classifier in await classifiers.ListAsync(cancellation))
        {
            list.Add(await summaries.GetAsync(classifier, cancellation));
        }

        return TypedResults.Ok<IReadOnlyList<ClassifierSummary>>(list);
    }

    private static async Task<Ok<ClassifierSummary>> FindAsync(
        string name, IClassifierStore classifiers, ClassifierSummaries summaries, CancellationToken cancellation) =>
        TypedResults.Ok(await summaries.GetAsync(await classifiers.GetAsync(name, cancellation), cancellation));

    private static async Task<Ok<ClassifierSettings>> GetSettingsAsync(
        string name, IClassifierStore classifiers, CancellationToken cancellation) =>
        TypedResults.Ok((await classifiers.GetAsync(name, cancellation)).Settings);

    private static async Task<IResult> PutSettingsAsync(
        string name, HttpRequest request, IClassifierStore classifiers, CancellationToken cancellation)
    {
        await classifiers.GetAsync(name, cancellation);
        var settings = await JsonBody.ReadAsync(request, ContractsJson.Default.ClassifierSettings, cancellation);
        if (settings.RetrainAfter < 1 || settings.Threshold is < 0 or > 1 || settings.TargetPrecision is < 0 or > 1)
        {
            throw RequestException.BadRequest(
                "'retrain_after' is at least 1, 'threshold' and 'target_precision' are from 0 to 1");
        }

        await classifiers.SetAsync(name, settings, cancellation);
        return TypedResults.Ok(settings);
    }
}
