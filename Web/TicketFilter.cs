namespace TicketAspire.Web;

/// <summary>Which tickets to list; null or empty means any. The Api and the page spell it the same in an address.</summary>
internal sealed record TicketFilter(string Classifier)
{
    public string? Search { get; init; }

    public string? Prediction { get; init; }

    public string? Route { get; init; }

    /// <summary>The end of the previous page.</summary>
    public string? Before { get; init; }

    /// <summary>True when it leaves tickets of the classifier out.</summary>
    public bool Narrows =>
        !string.IsNullOrEmpty(Search) || !string.IsNullOrEmpty(Prediction) || !string.IsNullOrEmpty(Route);

    public string ToQuery()
    {
        var query = "classifier=" + Uri.EscapeDataString(Classifier);
        Add("search", Search);
        Add("prediction", Prediction);
        Add("route", Route);
        Add("before", Before);
        return query;

        void Add(string name, string? value)
        {
            if (!string.IsNullOrWhiteSpace(value))
            {
                query += "&" + name + "=" + Uri.EscapeDataString(value.Trim());
            }
        }
    }
}
