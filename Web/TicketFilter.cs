namespace TicketAspire.Web;

/// <summary>Which tickets to list; null or empty means any. The Api and the page spell it the same in an address.</summary>
internal sealed record TicketFilter(string Classifier)
{
    public string? Search { get; init; }

    public string? Prediction { get; init; }

    public string? Route { get; init; }

    /// <summary><c>true</c>: a person confirmed the prediction; <c>false</c>: a person corrected it.</summary>
    public string? Agreed { get; init; }

    /// <summary>The first day, as <c>2026-11-01</c>; UTC.</summary>
    public string? From { get; init; }

    /// <summary>The day after the last.</summary>
    public string? To { get; init; }

    /// <summary>The end of the previous page.</summary>
    public string? Before { get; init; }

    /// <summary>True when it leaves tickets of the classifier out.</summary>
    public bool Narrows =>
        !Array.TrueForAll([Search, Prediction, Route, Agreed, From, To], string.IsNullOrEmpty);

    public string ToQuery()
    {
        var query = "classifier=" + Uri.EscapeDataString(Classifier);
        Add("search", Search);
        Add("prediction", Prediction);
        Add("route", Route);
        Add("agreed", Agreed);
        Add("from", From);
        Add("to", To);
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
