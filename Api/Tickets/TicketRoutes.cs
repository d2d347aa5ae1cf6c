using Microsoft.AspNetCore.Http.HttpResults;
using TicketAspire.Api.Classifiers;
using TicketAspire.Api.Predictions;
using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults.Errors;
using TicketAspire.Storage;

namespace TicketAspire.Api.Tickets;

/// <summary>The tickets that were classified.</summary>
internal static class TicketRoutes
{
    public static void MapTickets(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/tickets").WithTags("Tickets");
        group.MapGet("", ListAsync).WithSummary("Lists tickets, newest first; filtered and searched.");
        group.MapGet("{id}", FindAsync).WithSummary("One ticket.");
        routes.MapGet("/classifiers/{name}/review", ReviewAsync)
            .WithTags("Tickets")
            .WithSummary("Tickets that wait for a person, the least sure first. Feedback on a ticket takes it out.");
        group.MapGet("{id}/prediction", PredictAsync).WithSummary("What the present model says of a recorded ticket.");
    }

    private static async Task<Ok<Page<Ticket>>> ListAsync(
        string? classifier, string? search, string? prediction, string? route, string? before, int? limit,
        ITicketStore tickets, CancellationToken cancellation)
    {
        if (route is not (null or "" or Routes.Auto or Routes.Review))
        {
            throw RequestException.BadRequest($"'route' is {Routes.Auto} or {Routes.Review}");
        }

        return TypedResults.Ok(await tickets.ListAsync(
            new TicketQuery
            {
                Classifier = NullIfEmpty(classifier),
                Search = NullIfEmpty(search),
                Prediction = NullIfEmpty(prediction),
                Route = NullIfEmpty(route),
                Before = NullIfEmpty(before),
                Limit = Paging.Limit(limit),
            },
            cancellation));
    }

    private static async Task<Ok<ReviewPage>> ReviewAsync(
        string name, string? after, int? limit, IClassifierStore classifiers, ITicketStore tickets, CancellationToken cancellation)
    {
        await classifiers.GetAsync(name, cancellation);
        return TypedResults.Ok(await tickets.ReviewAsync(name, NullIfEmpty(after), Paging.Limit(limit), cancellation));
    }

    private static async Task<Ok<Ticket>> FindAsync(string id, ITicketStore tickets, CancellationToken cancellation) =>
        TypedResults.Ok(await GetAsync(id, tickets, cancellation));

    private static async Task<Ok<PredictionResponse>> PredictAsync(
        string id, ITicketStore tickets, InferenceClient inference, CancellationToken cancellation)
    {
        var ticket = await GetAsync(id, tickets, cancellation);
        var prediction = await inference.PredictAsync(ticket.Classifier, ticket.Text, cancellation);
        return TypedResults.Ok(prediction with { Id = ticket.Id });
    }

    private static async Task<Ticket> GetAsync(string id, ITicketStore tickets, CancellationToken cancellation) =>
        await tickets.FindAsync(id, cancellation) ?? throw RequestException.NotFound("There is no such ticket");

    private static string? NullIfEmpty(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}
