namespace TicketAspire.Tests.AppHost;

/// <summary>The fields of the documents in Elasticsearch: what dashboards may ask for.</summary>
internal static class DocumentFields
{
    /// <summary>The logs, <c>logs-ticketaspire-*</c>, with the types that they are indexed as.</summary>
    public static IReadOnlyDictionary<string, string> Logs { get; } = new Dictionary<string, string>
    {
        ["@timestamp"] = "date",
        ["log.level"] = "keyword",
        ["log.logger"] = "keyword",
        ["message"] = "match_only_text",
        ["service.name"] = "keyword",
        ["service.version"] = "keyword",
        ["host.name"] = "keyword",
        ["trace.id"] = "keyword",
        ["span.id"] = "keyword",
        ["error.type"] = "keyword",
        ["error.message"] = "match_only_text",
        ["error.stack_trace"] = "wildcard",
        ["event.kind"] = "keyword",
        ["event.action"] = "keyword",
        ["event.outcome"] = "keyword",
        ["event.duration"] = "long",
        ["http.request.method"] = "keyword",
        ["http.response.status_code"] = "long",
        ["url.path"] = "wildcard",
        ["ticketaspire.classifier"] = "keyword",
        ["ticketaspire.model"] = "long",
        ["ticketaspire.agreed"] = "boolean",
        ["ticketaspire.run.outcome"] = "keyword",
        ["ticketaspire.run.trigger"] = "keyword",
        ["ticketaspire.run.duration"] = "float",
        ["ticketaspire.accuracy"] = "float",
    };

    /// <summary>What an event in the logs may be.</summary>
    public static IReadOnlyList<string> Actions { get; } = ["request", "feedback", "retraining", "champion", "drift"];

    /// <summary>The tickets, <c>ticketaspire-tickets-*</c>.</summary>
    public static IReadOnlySet<string> Tickets { get; } = new HashSet<string>
    {
        "@timestamp", "classifier", "text", "text.folded", "prediction", "confidence", "route", "model", "label", "agreed", "who",
        "labelled_at",
    };
}
