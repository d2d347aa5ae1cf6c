using System.Globalization;
using TicketAspire.Contracts;

namespace TicketAspire.Web;

/// <summary>
/// The Api service as the pages see it. Every method throws <see cref="ApiException"/> when the Api refuses
/// or cannot be reached, with a message that can be shown.
/// </summary>
internal sealed partial class ApiClient(HttpClient http)
{
    private static readonly ContractsJson Json = ContractsJson.Default;

    public Task<IReadOnlyList<ClassifierSummary>> GetClassifiersAsync(CancellationToken cancellation) =>
        GetAsync("classifiers", Json.IReadOnlyListClassifierSummary, cancellation);

    public Task<PredictionResponse> PredictAsync(string classifier, string text, CancellationToken cancellation) =>
        SendAsync(
            HttpMethod.Post,
            $"classifiers/{Escape(classifier)}/predict",
            JsonContent.Create(new PredictRequest(text), Json.PredictRequest),
            Json.PredictionResponse,
            cancellation);

    public Task<FeedbackResponse> GiveFeedbackAsync(
        string classifier, FeedbackRequest feedback, CancellationToken cancellation) =>
        SendAsync(
            HttpMethod.Post,
            $"classifiers/{Escape(classifier)}/feedback",
            JsonContent.Create(feedback, Json.FeedbackRequest),
            Json.FeedbackResponse,
            cancellation);

    public Task<Page<Ticket>> GetTicketsAsync(TicketFilter filter, int limit, CancellationToken cancellation)
    {
        var query = filter.ToQuery() + "&limit=" + limit.ToString(CultureInfo.InvariantCulture);
        return GetAsync("tickets?" + query, Json.PageTicket, cancellation);
    }

    public Task<Ticket> GetTicketAsync(string id, CancellationToken cancellation) =>
        GetAsync($"tickets/{Escape(id)}", Json.Ticket, cancellation);

    /// <summary>Tickets that are like one, the most similar first.</summary>
    public Task<IReadOnlyList<SimilarTicket>> GetSimilarTicketsAsync(string id, CancellationToken cancellation) =>
        GetAsync($"tickets/{Escape(id)}/similar", Json.IReadOnlyListSimilarTicket, cancellation);

    /// <summary>A recorded ticket as the model that serves now sees it.</summary>
    public Task<PredictionResponse> GetTicketPredictionAsync(string id, CancellationToken cancellation) =>
        GetAsync($"tickets/{Escape(id)}/prediction", Json.PredictionResponse, cancellation);

    /// <summary>Tickets that wait for a person, the least sure first.</summary>
    /// <param name="classifier">Whose.</param>
    /// <param name="after">Only those behind this ticket in the queue; null or empty for the first.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<ReviewPage> GetReviewAsync(
        string classifier, string? after, int limit, CancellationToken cancellation)
    {
        var query = string.IsNullOrEmpty(after) ? "" : "after=" + Escape(after) + "&";
        return GetAsync(
            string.Create(CultureInfo.InvariantCulture, $"classifiers/{Escape(classifier)}/review?{query}limit={limit}"),
            Json.ReviewPage,
            cancellation);
    }
}
