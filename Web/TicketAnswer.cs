using System.Net;
using TicketAspire.Contracts;

namespace TicketAspire.Web;

/// <summary>A recorded ticket together with its explanation.</summary>
internal static class TicketAnswer
{
    /// <summary>Without the explanation when no model can give it: the record is worth showing alone.</summary>
    public static async Task<(Ticket Ticket, PredictionResponse? Explained)> GetAnswerAsync(
        this ApiClient api, string id, CancellationToken cancellation)
    {
        var explained = api.ExplainAsync(id, cancellation);
        return (await api.GetTicketAsync(id, cancellation), await explained);
    }

    /// <summary>Tickets that are like a recorded one; null when the log cannot be asked: the page does without them.</summary>
    public static async Task<IReadOnlyList<SimilarTicket>?> SimilarToAsync(
        this ApiClient api, string id, CancellationToken cancellation)
    {
        try
        {
            return await api.GetSimilarTicketsAsync(id, cancellation);
        }
        catch (ApiException)
        {
            return null;
        }
    }

    /// <summary>What the model that serves now says of a recorded ticket; null when none can be asked.</summary>
    public static async Task<PredictionResponse?> ExplainAsync(
        this ApiClient api, string id, CancellationToken cancellation)
    {
        try
        {
            return await api.GetTicketPredictionAsync(id, cancellation);
        }
        catch (ApiException exception) when (exception.Status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.NotFound)
        {
            return null;
        }
    }
}
