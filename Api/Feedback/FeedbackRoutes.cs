using Microsoft.AspNetCore.Http.HttpResults;
using TicketAspire.Api.Classifiers;
using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults.Errors;
using TicketAspire.ServiceDefaults.Http;
using TicketAspire.ServiceDefaults.Settings;
using TicketAspire.Storage;

namespace TicketAspire.Api.Feedback;

/// <summary>What people say of predictions.</summary>
internal static class FeedbackRoutes
{
    public static void MapFeedback(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").WithTags("Feedback");
        group.MapPost("/feedback", AddReferenceAsync)
            .Accepts<FeedbackRequest>("application/json")
            .Produces<FeedbackResponse>()
            .WithSummary("Feedback for the default classifier as the reference system takes it: text, prediction and true_label.");
        group.MapPost("/classifiers/{name}/feedback", AddAsync)
            .Accepts<FeedbackRequest>("application/json")
            .Produces<FeedbackResponse>()
            .WithSummary("Feedback by ticket_id or text: right, or the true_label. An Idempotency-Key header makes a repetition harmless.");
        group.MapGet("/classifiers/{name}/feedback", ListAsync).WithSummary("Lists feedback, newest first.");
    }

    private static async Task<IResult> AddReferenceAsync(
        HttpRequest request, FeedbackRecording recording, ClassifierDefaults defaults, CancellationToken cancellation)
    {
        var feedback = await JsonBody.ReadAsync(request, ContractsJson.Default.FeedbackRequest, cancellation);
        if (string.IsNullOrWhiteSpace(feedback.Text) || string.IsNullOrWhiteSpace(feedback.Prediction)
            || string.IsNullOrWhiteSpace(feedback.TrueLabel))
        {
            throw RequestException.BadRequest(FeedbackRecording.MissingFields);
        }

        return TypedResults.Ok(await recording.AddAsync(defaults.Default, feedback, Key(request), cancellation));
    }

    private static async Task<IResult> AddAsync(
        string name, HttpRequest request, FeedbackRecording recording, CancellationToken cancellation)
    {
        var feedback = await JsonBody.ReadAsync(request, ContractsJson.Default.FeedbackRequest, cancellation);
        return TypedResults.Ok(await recording.AddAsync(name, feedback, Key(request), cancellation));
    }

    private static async Task<Ok<Page<FeedbackEntry>>> ListAsync(
        string name, long? before, int? limit, IClassifierStore classifiers, IFeedbackStore feedback, CancellationToken cancellation)
    {
        await classifiers.GetAsync(name, cancellation);
        return TypedResults.Ok(await feedback.ListAsync(name, before, Paging.Limit(limit), cancellation));
    }

    private static string? Key(HttpRequest request) =>
        request.Headers["Idempotency-Key"].ToString() switch
        {
            "" => null,
            { Length: > 200 } => throw RequestException.BadRequest("The Idempotency-Key is longer than 200 characters"),
            var key => key,
        };
}
