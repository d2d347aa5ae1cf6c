using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace TicketAspire.Tests.Support;

/// <summary>Everything that a service logs, as far as its filters let through. Added to the logger factory of the built service.</summary>
public sealed class CapturedLogs : ILoggerProvider
{
    private readonly ConcurrentQueue<LogEntry> _entries = new();

    public IReadOnlyCollection<LogEntry> All => [.. _entries];

    /// <summary>What must not come of bad input.</summary>
    public IReadOnlyList<LogEntry> Errors => [.. _entries.Where(entry => entry.Level >= LogLevel.Error)];

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, _entries);

    public void Dispose()
    {
    }

    private sealed class Logger(string category, ConcurrentQueue<LogEntry> entries) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            entries.Enqueue(new LogEntry(logLevel, category, $"{formatter(state, exception)} {exception}".TrimEnd()));
    }
}

/// <summary>One log entry, its exception included in the words.</summary>
public sealed record LogEntry(LogLevel Level, string Category, string Words);
