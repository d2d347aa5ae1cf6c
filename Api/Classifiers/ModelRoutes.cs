using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults.Errors;
using TicketAspire.ServiceDefaults.Limits;
using TicketAspire.Storage;

namespace TicketAspire.Api.Classifiers;

/// <summary>The versions of a classifier's model.</summary>
internal static class ModelRoutes
{
    public static void MapModels(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/classifiers/{name}/models").WithTags("Models");
        group.MapGet("", ListAsync).WithSummary("Lists all versions, newest first.");
        group.MapPost("", ImportAsync)
            .Accepts<Stream>("application/zip")
            .WithSummary("Takes over a text classifier that ML.NET saved, as a version that a person may promote.");
        group.MapGet("{version:int}", FindAsync).WithSummary("One version.");
        group.MapGet("{version:int}/file", DownloadAsync).WithSummary("The model file.");
        group.MapPost("{version:int}/promote", PromoteAsync).WithSummary("Puts a version in service: promotes it, or rolls back to it.");
        group.MapDelete("{version:int}", DeleteAsync).WithSummary("Deletes a version that is neither champion nor challenger.");
        group.MapGet("{first:int}/compare/{second:int}", CompareAsync)
            .WithSummary("Two versions on the hold-out as it is now: each class, the tickets on which they differ, and feedback that neither has seen.");
        routes.MapPost("/classifiers/{name}/rollback", RollBackAsync)
            .WithTags("Models")
            .WithSummary("Puts the version in service that served before the champion.");
    }

    private static async Task<Ok<IReadOnlyList<ModelInfo>>> ListAsync(
        string name, IClassifierStore classifiers, IModelStore models, CancellationToken cancellation)
    {
        await classifiers.GetAsync(name, cancellation);
        return TypedResults.Ok(await models.ListAsync(name, cancellation));
    }

    private static async Task<Ok<ModelInfo>> ImportAsync(
        string name, [FromQuery(Name = "text_column")] string? textColumn, HttpContext context,
        IClassifierStore classifiers, RetrainerClient retrainer, IConfiguration configuration, CancellationToken cancellation)
    {
        // A model is code in a way, and whoever reaches the Api may send one.
        if (!configuration.GetValue("Models:Import", defaultValue: true))
        {
            throw new RequestException(
                StatusCodes.Status403Forbidden, "This system takes no models over the network (Models:Import): use the command line's 'models import'");
        }

        context.LimitBody(LimitDefaults.BulkBytes);
        await classifiers.GetAsync(name, cancellation);
        return TypedResults.Ok(await retrainer.ImportAsync(name, context.Request.Body, textColumn, cancellation));
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
        var who = Person.Named(by);
        await classifiers.GetAsync(name, cancellation);
        return TypedResults.Ok(await models.PromoteAsync(name, version, who, cancellation) ?? throw None(version));
    }

    private static async Task<Ok<ModelInfo>> RollBackAsync(
        string name, string? by, IClassifierStore classifiers, IModelStore models, CancellationToken cancellation)
    {
        var who = Person.Named(by);
        await classifiers.GetAsync(name, cancellation);
        return TypedResults.Ok(await models.RollBackAsync(name, who, cancellation)
            ?? throw RequestException.Conflict("No version served before the present one"));
    }

    private static async Task<NoContent> DeleteAsync(
        string name, int version, IClassifierStore classifiers, IModelStore models, CancellationToken cancellation)
    {
        await classifiers.GetAsync(name, cancellation);
        return await models.DeleteAsync(name, version, cancellation) switch
        {
            ModelDeletion.Deleted => TypedResults.NoContent(),
            ModelDeletion.InUse => throw RequestException.Conflict($"Version {version} is in use: it is the champion or the challenger"),
            _ => throw None(version),
        };
    }

    private static async Task<Ok<ModelComparison>> CompareAsync(
        string name, int first, int second, int? limit, IClassifierStore classifiers, RetrainerClient retrainer, CancellationToken cancellation)
    {
        await classifiers.GetAsync(name, cancellation);
        return TypedResults.Ok(await retrainer.CompareAsync(name, first, second, limit, cancellation));
    }

    private static RequestException None(int version) => RequestException.NotFound($"There is no version {version}");
}
