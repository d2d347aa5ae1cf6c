using System.Buffers;
using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace TicketAspire.ServiceDefaults.Logging;

/// <summary>One JSON object for each entry and line: for whatever collects the output of containers.</summary>
internal sealed class EcsConsole(ServiceIdentity service, TimeProvider time) : ConsoleFormatter(Name)
{
    public new const string Name = "ecs";

    private readonly EcsDocument _document = new(service);

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var output = new ArrayBufferWriter<byte>(512);
        _document.Write(output, new EcsEntry
        {
            At = time.GetUtcNow(),
            Level = logEntry.LogLevel,
            Category = logEntry.Category,
            Event = logEntry.EventId.Name,
            Message = logEntry.Formatter(logEntry.State, logEntry.Exception),
            Attributes = logEntry.State as IReadOnlyList<KeyValuePair<string, object?>> ?? [],
            Exception = logEntry.Exception,
            Trace = Activity.Current?.TraceId.ToHexString(),
            Span = Activity.Current?.SpanId.ToHexString(),
        });
        textWriter.WriteLine(Encoding.UTF8.GetString(output.WrittenSpan));
    }
}
