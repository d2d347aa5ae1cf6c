using Microsoft.AspNetCore.Http.HttpResults;
using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults.Errors;
using TicketAspire.Storage;

namespace TicketAspire.Retrainer.Comparisons;

/// <summary><c>GET /classifiers/{name}/models/{first}/compare/{second}</c>, which the Api passes on.</summary>
internal static class ComparisonRoutes
{
    private const int MostTexts = 1000;

    public static void MapComparisons(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/classifiers/{name}/models/{first:int}/compare/{second:int}", CompareAsync);

    private static async Task<Ok<ModelComparison>> CompareAsync(
        string name, int first, int second, int? limit,
        IClassifierStore classifiers, IModelStore models, ModelComparing comparing, CancellationToken cancellation)
    {
        if (limit is < 0 or > MostTexts)
        {
            throw RequestException.BadRequest($"'limit' is a number from 0 to {MostTexts}");
        }

        var classifier = await classifiers.FindAsync(name, cancellation)
            ?? throw RequestException.NotFound($"There is no classifier '{name}'");
        var (one, other) = (await FindAsync(models, name, first, cancellation), await FindAsync(models, name, second, cancellation));
        try
        {
            return TypedResults.Ok(
                await comparing.CompareAsync(classifier, one, other, limit ?? ModelComparison.TextsListed, cancellation));
        }
        catch (InvalidDataException exception)
        {
            throw RequestException.Conflict($"The versions cannot be compared: {exception.Message}");
        }
    }

    private static async Task<ModelInfo> FindAsync(IModelStore models, string name, int version, CancellationToken cancellation) =>
        await models.FindAsync(name, version, cancellation) ?? throw RequestException.NotFound($"There is no version {version}");
}
