using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using TicketAspire.ServiceDefaults.Telemetry;

namespace TicketAspire.ServiceDefaults.Logging;

/// <summary>
/// One log entry as a JSON object in the Elastic Common Schema (elastic.co/guide/en/ecs), nested, on one line: what the console
/// of a container prints and what Logstash is sent.
/// </summary>
internal sealed class EcsDocument(ServiceIdentity service)
{
    private const string SchemaVersion = "8.11.0";

    // Attributes of messages, by the names that the messages give them, and where the schema has them.
    private static readonly Dictionary<string, string[]> Places = new(StringComparer.Ordinal)
    {
        ["Method"] = ["http", "request", "method"],
        ["Status"] = ["http", "response", "status_code"],
        ["Route"] = ["url", "path"],
        ["Classifier"] = ["ticketaspire", "classifier"],
        ["Version"] = ["ticketaspire", "model"],
        ["Agreed"] = ["ticketaspire", "agreed"],
        ["Accuracy"] = ["ticketaspire", "accuracy"],
        ["State"] = ["ticketaspire", "run", "outcome"],
        ["Trigger"] = ["ticketaspire", "run", "trigger"],
        ["Seconds"] = ["ticketaspire", "run", "duration"],
    };

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Writes the entry, without a line break.</summary>
    public void Write(IBufferWriter<byte> output, EcsEntry entry)
    {
        using var json = new Utf8JsonWriter(output, Options);
        json.WriteStartObject();
        json.WriteString("@timestamp", entry.At.UtcDateTime);
        json.WriteString("message", entry.Message);
        WriteObject(json, "log", ("level", Level(entry.Level)), ("logger", entry.Category));
        WriteObject(json, "service", ("name", service.Name), ("version", TelemetryRegistration.Version));
        WriteObject(json, "host", ("name", Environment.MachineName));
        WriteObject(json, "ecs", ("version", SchemaVersion));
        WriteObject(json, "trace", ("id", entry.Trace));
        WriteObject(json, "span", ("id", entry.Span));
        if (entry.Exception is { } exception)
        {
            WriteObject(
                json, "error",
                ("type", exception.GetType().FullName), ("message", exception.Message), ("stack_trace", exception.StackTrace));
        }

        WriteEvent(json, entry);
        WriteAttributes(json, entry.Attributes);
        json.WriteEndObject();
    }

    private static void WriteEvent(Utf8JsonWriter json, EcsEntry entry)
    {
        if (EcsActions.Of(entry.Event) is not { } action)
        {
            return;
        }

        json.WriteStartObject("event");
        json.WriteString("kind", "event");
        json.WriteString("action", action);
        var failed = entry.Level >= LogLevel.Error || Attribute(entry, "Status") is int and >= 500;
        json.WriteString("outcome", failed ? "failure" : "success");
        if (Attribute(entry, "Milliseconds") is double milliseconds)
        {
            json.WriteNumber("duration", (long)(milliseconds * 1e6));
        }
        else if (Attribute(entry, "Seconds") is double seconds)
        {
            json.WriteNumber("duration", (long)(seconds * 1e9));
        }

        json.WriteEndObject();
    }

    // Those with a place in the schema are grouped by their first name, the others are labels.
    private static void WriteAttributes(Utf8JsonWriter json, IReadOnlyList<KeyValuePair<string, object?>> attributes)
    {
        var placed = new SortedDictionary<string, object?>(StringComparer.Ordinal);
        var labels = new SortedDictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in attributes)
        {
            if (value is null || name == "{OriginalFormat}")
            {
                continue;
            }

            if (Places.TryGetValue(name, out var place))
            {
                placed[string.Join('.', place)] = value;
            }
            else
            {
                labels[JsonNamingPolicy.SnakeCaseLower.ConvertName(name)] = value;
            }
        }

        WritePlaced(json, [.. placed.Select(one => (one.Key.Split('.'), one.Value))], depth: 0);
        if (labels.Count > 0)
        {
            json.WriteStartObject("labels");
            foreach (var (name, value) in labels)
            {
                json.WritePropertyName(name);
                WriteValue(json, value);
            }

            json.WriteEndObject();
        }
    }

    private static void WritePlaced(Utf8JsonWriter json, IReadOnlyList<(string[] Place, object? Value)> placed, int depth)
    {
        foreach (var group in placed.GroupBy(one => one.Place[depth], StringComparer.Ordinal))
        {
            json.WritePropertyName(group.Key);
            if (group.First() is var (place, value) && place.Length == depth + 1)
            {
                WriteValue(json, value);
                continue;
            }

            json.WriteStartObject();
            WritePlaced(json, [.. group], depth + 1);
            json.WriteEndObject();
        }
    }

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case int number:
                json.WriteNumberValue(number);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case double number when double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            case Enum word:
                json.WriteStringValue(word.ToString().ToLowerInvariant());
                break;
            default:
                json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static void WriteObject(Utf8JsonWriter json, string name, params ReadOnlySpan<(string Name, string? Value)> members)
    {
        var begun = false;
        foreach (var (member, value) in members)
        {
            if (value is not null)
            {
                if (!begun)
                {
                    json.WriteStartObject(name);
                    begun = true;
                }

                json.WriteString(member, value);
            }
        }

        if (begun)
        {
            json.WriteEndObject();
        }
    }

    private static object? Attribute(EcsEntry entry, string name)
    {
        foreach (var attribute in entry.Attributes)
        {
            if (attribute.Key == name)
            {
                return attribute.Value;
            }
        }

        return null;
    }

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Critical => "fatal",
        _ => level.ToString().ToLowerInvariant(),
    };
}

/// <summary>What a log entry is made of, wherever it came from.</summary>
internal sealed record EcsEntry
{
    public required DateTimeOffset At { get; init; }

    public required LogLevel Level { get; init; }

    public required string Category { get; init; }

    /// <summary>The event's name; those of <see cref="EcsActions"/> are told apart.</summary>
    public string? Event { get; init; }

    public required string Message { get; init; }

    public IReadOnlyList<KeyValuePair<string, object?>> Attributes { get; init; } = [];

    public Exception? Exception { get; init; }

    /// <summary>The trace's id in hexadecimal digits; null outside a trace.</summary>
    public string? Trace { get; init; }

    public string? Span { get; init; }
}
