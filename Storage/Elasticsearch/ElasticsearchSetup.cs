using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace TicketAspire.Storage.Elasticsearch;

/// <summary>
/// What must be there before tickets are written: the indices' template, and the policy that deletes old ones (ILM on
/// Elasticsearch, ISM on OpenSearch). Can be repeated and done by several processes at once.
/// </summary>
internal sealed partial class ElasticsearchSetup(ElasticsearchConnection connection, ILogger<ElasticsearchSetup> logger)
{
    /// <summary>An index holds a month: it goes when its last day is old enough.</summary>
    private const int DaysOfIndex = 31;

    private ElasticsearchOptions Options => connection.Options;

    private string KeptFor => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(Options.KeepFor.TotalDays) + DaysOfIndex:F0}d");

    /// <summary>Sets it up.</summary>
    /// <exception cref="StorageException">The template cannot be put; without it nothing may be written.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var lifecycle = await IsOpenSearchAsync(cancellation)
            ? await PutStatePolicyAsync(cancellation) ? ElasticsearchTemplate.Lifecycle.ByPattern : ElasticsearchTemplate.Lifecycle.None
            : await PutLifecycleAsync(cancellation) ? ElasticsearchTemplate.Lifecycle.ByName : ElasticsearchTemplate.Lifecycle.None;
        if (lifecycle == ElasticsearchTemplate.Lifecycle.None)
        {
            LogNoLifecycle(logger, Options.Address);
        }

        using var answer = await connection.AskAsync(
            HttpMethod.Put,
            $"_index_template/{Options.TicketTemplate}",
            ElasticsearchContent.Json(json => ElasticsearchTemplate.Write(json, Options, lifecycle)),
            cancellation);
        ThrowIfRefused(answer);
    }

    private async Task<bool> IsOpenSearchAsync(CancellationToken cancellation)
    {
        using var answer = await connection.AskAsync(HttpMethod.Get, string.Empty, null, cancellation);
        ThrowIfRefused(answer);
        return answer.Body.TryGetProperty("version", out var version)
            && version.TryGetProperty("distribution", out var distribution)
            && distribution.ValueEquals("opensearch");
    }

    // elastic.co/guide, "Create or update lifecycle policy API". An Elasticsearch without it (the open-source builds of 7.10,
    // serverless) keeps tickets until somebody deletes them.
    private async Task<bool> PutLifecycleAsync(CancellationToken cancellation)
    {
        using var answer = await connection.AskAsync(
            HttpMethod.Put, $"_ilm/policy/{Options.TicketTemplate}", ElasticsearchContent.Json(WriteLifecycle), cancellation);
        return Accepted(answer);
    }

    // docs.opensearch.org, "ISM API". A policy that is there can only be changed by who knows its number.
    private async Task<bool> PutStatePolicyAsync(CancellationToken cancellation)
    {
        var path = $"_plugins/_ism/policies/{Options.TicketTemplate}";
        using var present = await connection.AskAsync(HttpMethod.Get, path, null, cancellation);
        if (present.Status != 404 && !Accepted(present))
        {
            return false;
        }

        if (present.IsSuccess)
        {
            if (AgeOf(present.Body) == KeptFor)
            {
                return true;
            }

            path += string.Create(
                CultureInfo.InvariantCulture,
                $"?if_seq_no={present.Body.GetProperty("_seq_no").GetInt64()}&if_primary_term={present.Body.GetProperty("_primary_term").GetInt64()}");
        }

        using var answer = await connection.AskAsync(HttpMethod.Put, path, ElasticsearchContent.Json(WriteStatePolicy), cancellation);
        // Another process was faster.
        return answer.Status == 409 || Accepted(answer);
    }

    private bool Accepted(ElasticsearchAnswer answer) =>
        answer.IsSuccess || (answer.Status is >= 400 and < 500 and not (401 or 408 or 429) ? false : throw answer.Refusal(Options));

    private void ThrowIfRefused(ElasticsearchAnswer answer)
    {
        if (!answer.IsSuccess)
        {
            throw answer.Refusal(Options);
        }
    }

    private void WriteLifecycle(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartObject("policy");
        json.WriteStartObject("phases");
        json.WriteStartObject("delete");
        json.WriteString("min_age", KeptFor);
        json.WriteStartObject("actions");
        json.WriteStartObject("delete");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteStatePolicy(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartObject("policy");
        json.WriteString("description", "Deletes the tickets of past months.");
        json.WriteString("default_state", "kept");
        json.WriteStartArray("states");
        json.WriteStartObject();
        json.WriteString("name", "kept");
        json.WriteStartArray("actions");
        json.WriteEndArray();
        json.WriteStartArray("transitions");
        json.WriteStartObject();
        json.WriteString("state_name", "deleted");
        json.WriteStartObject("conditions");
        json.WriteString("min_index_age", KeptFor);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartObject();
        json.WriteString("name", "deleted");
        json.WriteStartArray("actions");
        json.WriteStartObject();
        json.WriteStartObject("delete");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartArray("transitions");
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartArray("ism_template");
        json.WriteStartObject();
        json.WriteStartArray("index_patterns");
        json.WriteStringValue(Options.TicketIndices);
        json.WriteEndArray();
        json.WriteNumber("priority", ElasticsearchTemplate.Priority);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string? AgeOf(JsonElement policy)
    {
        // Whatever somebody has made of it meanwhile: what is not found is put anew.
        try
        {
            return policy.GetProperty("policy").GetProperty("states")[0].GetProperty("transitions")[0]
                .GetProperty("conditions").GetProperty("min_index_age").GetString();
        }
        catch (Exception error) when (error is KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Elasticsearch at {Address} takes no lifecycle policy: old tickets stay there until somebody deletes them")]
    private static partial void LogNoLifecycle(ILogger logger, Uri address);
}
