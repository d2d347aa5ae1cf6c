using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace TicketAspire.Storage.Elasticsearch;

/// <summary>Sends operations together. elastic.co/guide, "Bulk API".</summary>
internal sealed partial class TicketBulk(ElasticsearchConnection connection, ILogger<TicketBulk> logger)
{
    // Of the answer, no more than is needed: its reasons may quote tickets.
    private const string Path = "_bulk?filter_path=errors,items.*.status,items.*.error.type";

    /// <summary>Sends them, in their order.</summary>
    /// <exception cref="StorageException">None of them may have arrived: it cannot be reached, has too much to do, or permits nothing.</exception>
    public async Task<TicketBulkResult> SendAsync(List<TicketOperation> operations, CancellationToken cancellation)
    {
        using var answer = await connection.AskAsync(HttpMethod.Post, Path, new LinesContent(operations.Select(operation => operation.Lines)), cancellation);
        if (answer.IsSuccess)
        {
            return Sort(operations, answer.Body);
        }

        if (answer.MayPass || answer.Status is 401 or 403)
        {
            throw answer.Refusal(connection.Options);
        }

        if (answer.Status == 413 && operations.Count > 1)
        {
            // Something in between takes less at a time.
            var half = operations.Count / 2;
            var first = await SendAsync(operations[..half], cancellation);
            var second = await SendAsync(operations[half..], cancellation);
            return new TicketBulkResult([.. first.Again, .. second.Again], [.. first.Missing, .. second.Missing], first.Refused + second.Refused);
        }

        LogRefused(logger, operations.Count, answer.Status, null);
        return new TicketBulkResult([], [], operations.Count);
    }

    private TicketBulkResult Sort(List<TicketOperation> operations, JsonElement answer)
    {
        if (answer.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.False)
        {
            return TicketBulkResult.Nothing;
        }

        var (again, missing, refused) = (new List<TicketOperation>(), new List<TicketOperation>(), new Dictionary<(int Status, string? Type), int>());
        foreach (var (operation, item) in operations.Zip(answer.GetProperty("items").EnumerateArray()))
        {
            // Each item is an object of one member, which is named for what was to be done.
            var result = item.EnumerateObject().First().Value;
            var status = result.GetProperty("status").GetInt32();
            switch (status)
            {
                case >= 200 and < 300:
                case 409 when !operation.IsLabel:
                    break;
                case 408 or 429 or >= 500:
                case 409:
                    again.Add(operation);
                    break;
                case 404 when operation.IsLabel:
                    missing.Add(operation);
                    break;
                default:
                    var kind = (status, ElasticsearchAnswer.ErrorType(result));
                    refused[kind] = refused.GetValueOrDefault(kind) + 1;
                    break;
            }
        }

        foreach (var (kind, count) in refused)
        {
            LogRefused(logger, count, kind.Status, kind.Type);
        }

        return new TicketBulkResult(again, missing, refused.Values.Sum());
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Elasticsearch refuses {Count} tickets or labels for good: status {Status} {Type}")]
    private static partial void LogRefused(ILogger logger, int count, int status, string? type);
}

/// <summary>What became of operations that were sent; the others are done.</summary>
/// <param name="Again">Those that must be sent again: there was too much to do.</param>
/// <param name="Missing">Labels of tickets that are not there.</param>
/// <param name="Refused">How many were refused for good.</param>
internal sealed record TicketBulkResult(List<TicketOperation> Again, List<TicketOperation> Missing, int Refused)
{
    /// <summary>All are done.</summary>
    public static TicketBulkResult Nothing => new([], [], 0);
}
