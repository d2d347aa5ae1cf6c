using Microsoft.AspNetCore.Http.HttpResults;
using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults.Errors;
using TicketAspire.ServiceDefaults.Http;
using TicketAspire.Storage;

namespace TicketAspire.Api.Classifiers;

/// <summary>The version that predicts beside the champion on live traffic; its answers are compared, and never returned.</summary>
internal static class ChallengerRoutes
{
    public static void MapChallengers(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/classifiers/{name}/challenger").WithTags("Models");
        group.MapGet("", ReadAsync).WithSummary("How the challenger's answers compare with the champion's.");
        group.MapPut("", PutAsync)
            .Accepts<ChallengerRequest>("application/json")
            .Produces<ShadowReport>()
            .WithSummary("Lets a version predict beside the champion. It is compared, and never returned.");
        group.MapDelete("", DeleteAsync).WithSummary("Ends it.");
    }

    private static async Task<Ok<ShadowReport>> ReadAsync(
        string name, IClassifierStore classifiers, IShadowStore shadows, CancellationToken cancellation)
    {
        await classifiers.GetAsync(name, cancellation);
        return TypedResults.Ok(await shadows.ReadAsync(name, cancellation)
            ?? throw RequestException.NotFound($"The classifier '{name}' has no challenger"));
    }

    private static async Task<IResult> PutAsync(
        string name, HttpRequest request, IClassifierStore classifiers, IModelStore models, IShadowStore shadows, CancellationToken cancellation)
    {
        var classifier = await classifiers.GetAsync(name, cancellation);
        var body = await JsonBody.ReadAsync(request, ContractsJson.Default.ChallengerRequest, cancellation);
        if (body.Model is not { } version)
        {
            throw RequestException.BadRequest("'model' is the version that is to predict beside the champion");
        }

        if (classifier.Champion is null || classifier.Champion == version)
        {
            throw RequestException.Conflict("The champion is no challenger of itself");
        }

        _ = await models.FindAsync(name, version, cancellation) ?? throw RequestException.NotFound($"There is no version {version}");
        return await classifiers.SetChallengerAsync(name, version, cancellation)
            ? TypedResults.Ok(await shadows.ReadAsync(name, cancellation))
            : throw RequestException.Conflict($"Version {version} cannot be the challenger: it has just been promoted or deleted");
    }

    private static async Task<NoContent> DeleteAsync(string name, IClassifierStore classifiers, CancellationToken cancellation)
    {
        await classifiers.GetAsync(name, cancellation);
        await classifiers.SetChallengerAsync(name, version: null, cancellation);
        return TypedResults.NoContent();
    }
}
