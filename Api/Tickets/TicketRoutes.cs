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
    private const int SimilarByDefault = 5;

    public static void MapTickets(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/tickets").WithTags("Tickets");
        group.MapGet("", ListAsync).WithSummary(
            "Lists tickets, newest first; searched, and filtered by classifier, prediction, label, agreed, route, model, who, from and to.");
        group.MapGet("{id}", FindAsync).WithSummary("One ticket.");
        group.MapGet("{id}/similar", SimilarAsync).WithSummary("Tickets of the same classifier that are like this one, the most similar first.");
        routes.MapGet("/classifiers/{name}/review", ReviewAsync)
            .WithTags("Tickets")
            .WithSummary("Tickets that wait for a person, the least sure first. Feedback on a ticket takes it out.");
        group.MapGet("{id}/prediction", ExplainAsync).WithSummary("What the present model says of a recorded ticket.");
    }

    private static async Task<Ok<Page<Ticket>>> ListAsync(
        [AsParameters] TicketFilter filter, ITicketLog log, CancellationToken cancellation)
    {
        var query = filter.ToQuery();
        return TypedResults.Ok(await log.AskAsync(
            asked => asked.SearchAsync(query, cancellation), "'before' must be the 'next' of a page"));
    }

    private static async Task<Ok<IReadOnlyList<SimilarTicket>>> SimilarAsync(
        string id, int? limit, ITicketStore tickets, ITicketLog log, CancellationToken cancellation)
    {
        var most = limit is null ? SimilarByDefault : Paging.Limit(limit);
        var ticket = await GetAsync(id, tickets, cancellation);
        var query = new SimilarityQuery(ticket.Text) { Classifier = ticket.Classifier, Except = id, Limit = most };
        return TypedResults.Ok(await log.AskAsync(asked => asked.SimilarAsync(query, cancellation), "Nothing can be like this ticket"));
    }

    private static async Task<Ok<ReviewPage>> ReviewAsync(
        string name, string? after, int? limit, IClassifierStore classifiers, ITicketStore tickets, CancellationToken cancellation)
    {
        await classifiers.GetAsync(name, cancellation);
        return TypedResults.Ok(await tickets.ReviewAsync(name, string.IsNullOrWhiteSpace(after) ? null : after, Paging.Limit(limit), cancellation));
    }

    private static async Task<Ok<Ticket>> FindAsync(string id, ITicketStore tickets, CancellationToken cancellation) =>
        TypedResults.Ok(await GetAsync(id, tickets, cancellation));

    private static async Task<Ok<PredictionResponse>> ExplainAsync(
        string id, ITicketStore tickets, InferenceClient inference, CancellationToken cancellation)
    {
        var ticket = await GetAsync(id, tickets, cancellation);
        var prediction = await inference.ExplainAsync(ticket.Classifier, ticket.Text, cancellation);
        return TypedResults.Ok(prediction with { Id = ticket.Id });
    }

    private static async Task<Ticket> GetAsync(string id, ITicketStore tickets, CancellationToken cancellation) =>
        await tickets.FindAsync(id, cancellation) ?? throw RequestException.NotFound("There is no such ticket");
}
