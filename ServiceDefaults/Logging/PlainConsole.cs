using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace TicketAspire.ServiceDefaults.Logging;

/// <summary>One line for each entry: time (UTC), service, message. For a person at a console.</summary>
internal sealed class PlainConsole(ServiceIdentity service, TimeProvider time) : ConsoleFormatter(Name)
{
    public new const string Name = "plain";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var level = logEntry.LogLevel switch
        {
            LogLevel.Critical => " CRITICAL",
            LogLevel.Error => " ERROR",
            LogLevel.Warning => " warning",
            _ => string.Empty,
        };
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        textWriter.WriteLine($"{time.GetUtcNow():HH:mm:ss} {service.Name}{level}: {message}");
        if (logEntry.Exception is { } exception)
        {
            textWriter.WriteLine(exception);
        }
    }
}
