using System.Text.Json;

namespace TicketAspire.Tests.Support.Elasticsearch;

/// <summary>
/// Carries queries out on documents in memory: the nodes of the query language that are used, with their documented members.
/// A query gives a document's score, or null where it does not match.
/// </summary>
internal sealed class StandInQuery(IReadOnlyList<StandInDocument> all)
{
    private const int MostClauses = 1024;

    public Func<StandInDocument, double?> Read(JsonElement node)
    {
        var query = StandInException.Only(node, "query");
        return query.Name switch
        {
            "bool" => Bool(query.Value),
            "match_all" => MatchAll(query.Value),
            "term" => Term(query.Value),
            "exists" => Exists(query.Value),
            "range" => Range(query.Value),
            "match" => Match(query.Value, prefix: false),
            "match_bool_prefix" => Match(query.Value, prefix: true),
            "more_like_this" => MoreLikeThis(query.Value),
            _ => throw new StandInException($"the stand-in does not know the query '{query.Name}'"),
        };
    }

    private static Func<StandInDocument, double?> MatchAll(JsonElement node)
    {
        StandInException.UnlessKnown(node, "match_all");
        return _ => 1;
    }

    private Func<StandInDocument, double?> Bool(JsonElement node)
    {
        StandInException.UnlessKnown(node, "bool", "filter", "must", "must_not", "should", "minimum_should_match");
        var (filter, must, mustNot, should) = (Clauses(node, "filter"), Clauses(node, "must"), Clauses(node, "must_not"), Clauses(node, "should"));
        var least = node.TryGetProperty("minimum_should_match", out var minimum) ? minimum.GetInt32()
            : filter.Length + must.Length == 0 && should.Length > 0 ? 1 : 0;
        return document =>
        {
            var scores = must.Select(clause => clause(document)).ToArray();
            var wanted = should.Select(clause => clause(document)).OfType<double>().ToArray();
            return Array.TrueForAll(scores, score => score is not null) && wanted.Length >= least
                && Array.TrueForAll(filter, clause => clause(document) is not null)
                && Array.TrueForAll(mustNot, clause => clause(document) is null)
                    ? scores.Sum() + wanted.Sum()
                    : null;
        };
    }

    private Func<StandInDocument, double?>[] Clauses(JsonElement node, string name) =>
        node.TryGetProperty(name, out var clauses) ? [.. clauses.EnumerateArray().Select(Read)] : [];

    private static Func<StandInDocument, double?> Term(JsonElement node)
    {
        var field = StandInException.Only(node, "term");
        var value = field.Value;
        if (value.ValueKind == JsonValueKind.Object)
        {
            StandInException.UnlessKnown(value, "term", "value");
            value = value.GetProperty("value");
        }

        var wanted = StandInDocument.Comparable(field.Name, value) ?? throw new StandInException("term: a value expected");
        return document => document.Value(field.Name) is { } found && found.CompareTo(wanted) == 0 ? 1 : null;
    }

    private static Func<StandInDocument, double?> Exists(JsonElement node)
    {
        StandInException.UnlessKnown(node, "exists", "field");
        var field = node.GetProperty("field").GetString()!;
        StandInTemplate.TypeOf(field);
        return document => document.Value(field) is not null ? 1 : null;
    }

    private static Func<StandInDocument, double?> Range(JsonElement node)
    {
        var field = StandInException.Only(node, "range");
        StandInException.UnlessKnown(field.Value, "range", "gte", "lt", "format");
        if (field.Value.GetProperty("format").GetString() != "epoch_millis")
        {
            throw new StandInException("range: format epoch_millis expected");
        }

        var least = field.Value.TryGetProperty("gte", out var gte) ? StandInDocument.Comparable(field.Name, gte) : null;
        var below = field.Value.TryGetProperty("lt", out var lt) ? StandInDocument.Comparable(field.Name, lt) : null;
        return document => document.Value(field.Name) is { } value
            && (least is null || value.CompareTo(least) >= 0) && (below is null || value.CompareTo(below) < 0) ? 1 : null;
    }

    private static Func<StandInDocument, double?> Match(JsonElement node, bool prefix)
    {
        var field = StandInException.Only(node, "match");
        StandInException.UnlessKnown(field.Value, "match", "query", "operator");
        if (field.Value.GetProperty("operator").GetString() != "and")
        {
            throw new StandInException("match: the operator 'and' expected");
        }

        var words = Analyzed(field.Name, field.Value.GetProperty("query").GetString()!);
        if (words.Count > MostClauses)
        {
            throw new StandInException("match: too_many_clauses, maxClauseCount is set to 1024");
        }

        return document =>
        {
            var found = document.Words(field.Name);
            var whole = prefix ? words.SkipLast(1) : words;
            return words.Count > 0 && whole.All(found.Contains)
                && (!prefix || found.Exists(word => word.StartsWith(words[^1], StringComparison.Ordinal))) ? 1 : null;
        };
    }

    // elastic.co/guide, "More like this query": the terms of highest tf-idf, any of which may match.
    private Func<StandInDocument, double?> MoreLikeThis(JsonElement node)
    {
        StandInException.UnlessKnown(
            node, "more_like_this", "fields", "like", "min_term_freq", "min_doc_freq", "max_query_terms", "minimum_should_match");
        var field = node.GetProperty("fields")[0].GetString()!;
        if (node.GetProperty("minimum_should_match").GetString() != "1")
        {
            throw new StandInException("more_like_this: minimum_should_match 1 expected");
        }

        var terms = Analyzed(field, node.GetProperty("like").GetString()!)
            .GroupBy(word => word, StringComparer.Ordinal)
            .Select(word => (Word: word.Key, Count: word.Count(), Documents: all.Count(document => document.Words(field).Contains(word.Key))))
            .Where(term => term.Count >= node.GetProperty("min_term_freq").GetInt32() && term.Documents >= node.GetProperty("min_doc_freq").GetInt32())
            .Select(term => (term.Word, term.Count, Rarity: Math.Log(1 + (all.Count / (term.Documents + 0.5)))))
            .OrderByDescending(term => term.Count * term.Rarity)
            .Take(node.GetProperty("max_query_terms").GetInt32())
            .ToArray();
        return document =>
        {
            var found = document.Words(field);
            var score = terms.Where(term => found.Contains(term.Word)).Sum(term => term.Rarity / (1 + (found.Count / 50.0)));
            return score > 0 ? score : null;
        };
    }

    private static List<string> Analyzed(string field, string text) => field switch
    {
        "text" => [.. StandInWords.Stems(text).Distinct(StringComparer.Ordinal)],
        "text.folded" => StandInWords.Folded(text),
        _ => throw new StandInException($"'{field}' is not a text"),
    };
}
