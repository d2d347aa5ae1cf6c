using System.Text.Json;
using TicketAspire.Contracts;

namespace TicketAspire.Storage.Elasticsearch;

/// <summary>The tickets' log in Elasticsearch. It has what <see cref="ITicketRecorder"/> was told, about a second later.</summary>
public sealed class ElasticsearchTicketLog(ElasticsearchConnection connection) : ITicketLog
{
    /// <inheritdoc/>
    public async Task<Page<Ticket>> SearchAsync(TicketLogQuery query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(query.Limit, nameof(query));
        TicketCursor? before = query.Before is null ? null : TicketCursor.Parse(query.Before);
        if (!string.IsNullOrWhiteSpace(query.Search) && SearchWords.Of(query.Search).Count == 0)
        {
            return new Page<Ticket>([], null);
        }

        using var answer = await AskAsync(json => TicketQueries.WriteSearch(json, query, before), cancellation);
        return TicketCursor.Page(
            [.. Hits(answer).GetProperty("hits").EnumerateArray().Select(hit => TicketFields.Read(hit.GetProperty("_source")))], query.Limit);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SimilarTicket>> SimilarAsync(SimilarityQuery query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(query.Limit, nameof(query));
        var words = SearchWords.Of(query.Text);
        if (words.Count == 0)
        {
            return [];
        }

        using var answer = await AskAsync(json => TicketQueries.WriteSimilar(json, query, words), cancellation);
        var hits = Hits(answer);
        var best = hits.GetProperty("max_score") is { ValueKind: JsonValueKind.Number } score ? score.GetDouble() : 1;
        return
        [
            .. hits.GetProperty("hits").EnumerateArray().Select(hit => new SimilarTicket(
                TicketFields.Read(hit.GetProperty("_source")), Math.Min(1, hit.GetProperty("_score").GetDouble() / best))),
        ];
    }

    /// <inheritdoc/>
    public async Task<TicketStatistics> StatisticsAsync(StatisticsQuery query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        var starts = StatisticsPeriods.StartsOf(query);
        using var answer = await AskAsync(json => TicketAggregations.Write(json, query), cancellation);
        // Where there is no index yet, Elasticsearch leaves them out.
        return TicketAggregations.Read(
            answer.RootElement.TryGetProperty("aggregations", out var found) ? found : null, query, starts);
    }

    private static JsonElement Hits(JsonDocument answer) => answer.RootElement.GetProperty("hits");

    // Half an answer is none: a shard that is missing makes a search fail.
    private async Task<JsonDocument> AskAsync(Action<Utf8JsonWriter> write, CancellationToken cancellation)
    {
        var answer = await connection.SearchAsync(
            $"{connection.Options.TicketIndices}/_search?ignore_unavailable=true&allow_partial_search_results=false",
            ElasticsearchContent.Written(write),
            cancellation);
        if (answer.RootElement.TryGetProperty("timed_out", out var late) && late.ValueKind == JsonValueKind.True)
        {
            answer.Dispose();
            throw new StorageException($"Elasticsearch at {connection.Options.Address} does not answer in time");
        }

        return answer;
    }
}
