using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults.Errors;
using TicketAspire.Storage;

namespace TicketAspire.Api.Tickets;

/// <summary>The parameters of <c>GET /tickets</c>; what is absent or blank is no condition.</summary>
internal sealed class TicketFilter
{
    public string? Classifier { get; init; }

    public string? Search { get; init; }

    public string? Prediction { get; init; }

    public string? Label { get; init; }

    public bool? Agreed { get; init; }

    public string? Route { get; init; }

    public int? Model { get; init; }

    public string? Who { get; init; }

    public string? From { get; init; }

    public string? To { get; init; }

    public string? Before { get; init; }

    public int? Limit { get; init; }

    /// <summary>What is asked of the log.</summary>
    /// <exception cref="RequestException">400: a parameter makes no sense.</exception>
    public TicketLogQuery ToQuery()
    {
        if (Route is not (null or "" or Routes.Auto or Routes.Review))
        {
            throw RequestException.BadRequest($"'route' is {Routes.Auto} or {Routes.Review}");
        }

        var (from, to) = (TimeParameter.Parse(From, "from"), TimeParameter.Parse(To, "to"));
        if (to <= from)
        {
            throw RequestException.BadRequest("'to' must be later than 'from'");
        }

        return new TicketLogQuery
        {
            Classifier = NullIfBlank(Classifier),
            Search = NullIfBlank(Search),
            Prediction = NullIfBlank(Prediction),
            Label = NullIfBlank(Label),
            Agreed = Agreed,
            Route = NullIfBlank(Route),
            Model = Model,
            Who = NullIfBlank(Who),
            From = from,
            To = to,
            Before = NullIfBlank(Before),
            Limit = Paging.Limit(Limit),
        };
    }

    private static string? NullIfBlank(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}
