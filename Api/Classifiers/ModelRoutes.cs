using Microsoft.AspNetCore.Http.HttpResults;
using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults.Errors;
using TicketAspire.Storage;

namespace TicketAspire.Api.Classifiers;

/// <summary>The versions of a classifier's model.</summary>
internal static class ModelRoutes
{
    private const int LongestName = 100;

    public static void MapModels(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/classifiers/{name}/models").WithTags("Models");
        group.MapGet("", ListAsync).WithSummary("Lists all versions, newest first.");
        group.MapGet("{version:int}", FindAsync).WithSummary("One version.");
        group.MapGet("{version:int}/file", DownloadAsync).WithSummary("The model file.");
        group.MapPost("{version:int}/promote", PromoteAsync).WithSummary("Puts a version in service: promotes it, or rolls back to it.");
    }

    private static async Task<Ok<IReadOnlyList<ModelInfo>>> ListAsync(
        string name, IClassifierStore classifiers, IModelStore models, CancellationToken cancellation)
    {
        await classifiers.GetAsync(name, cancellation);
        return TypedResults.Ok(await models.ListAsync(name, cancellation));
    }

    private static async Task<Ok<ModelInfo>> FindAsync(
        string name, int version, IClassifierStore classifiers, IModelStore models, CancellationToken cancellation)
    {
        await classifiers.GetAsync(name, cancellation);
        return TypedResults.Ok(await models.FindAsync(name, version, cancellation) ?? throw None(version));
    }

    private static async Task<FileContentHttpResult> DownloadAsync(
        string name, int version, IClassifierStore classifiers, IModelStore models, CancellationToken cancellation)
    {
        await classifiers.GetAsync(name, cancellation);
        _ = await models.FindAsync(name, version, cancellation) ?? throw None(version);
        return TypedResults.File(
            await models.ReadAsync(name, version, cancellation), "application/octet-stream", $"{name}-{version}.model");
    }

    private static async Task<Ok<ModelInfo>> PromoteAsync(
        string name, int version, string? by, IClassifierStore classifiers, IModelStore models, CancellationToken cancellation)
    {
        if (by?.Length > LongestName)
        {
            throw RequestException.BadRequest($"'by' has at most {LongestName} characters");
        }

        await classifiers.GetAsync(name, cancellation);
        var who = string.IsNullOrWhiteSpace(by) ? "a person" : by.Trim();
        return TypedResults.Ok(await models.PromoteAsync(name, version, who, cancellation) ?? throw None(version));
    }

    private static RequestException None(int version) => RequestException.NotFound($"There is no version {version}");
}
