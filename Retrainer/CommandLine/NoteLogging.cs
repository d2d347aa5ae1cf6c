namespace TicketAspire.Retrainer.CommandLine;

/// <summary>Writes what is logged as plain lines, without time or category: for a person who waits for a command.</summary>
internal sealed class NoteLogging(TextWriter error) : ILoggerProvider
{
    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new NoteLogger(error);

    /// <inheritdoc/>
    public void Dispose()
    {
        // The writer is the caller's.
    }

    private sealed class NoteLogger(TextWriter error) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                error.WriteLine(OneLine.Of(formatter(state, exception)));
            }
        }
    }
}
