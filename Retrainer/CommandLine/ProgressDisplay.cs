using Spectre.Console;

namespace TicketAspire.Retrainer.CommandLine;

/// <summary>
/// Shows how far a long step is, on the error output: a bar where a person watches, else a plain line every few seconds, as
/// a log file can bear it.
/// </summary>
internal sealed class ProgressDisplay(CommandConsole console, TimeProvider time)
{
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(3);

    /// <summary>While nothing changes.</summary>
    private static readonly TimeSpan SameLineEvery = TimeSpan.FromMinutes(1);

    /// <summary>Shows it while something is done.</summary>
    /// <param name="what">What is done.</param>
    /// <param name="work">Does it, and reports how much is done (0 to 1; null for unknown) and the rest in words.</param>
    public Task<T> ShowAsync<T>(string what, Func<Action<double?, string>, Task<T>> work) =>
        console.ErrorIsTerminal && !console.IsJson ? BarAsync(what, work) : LinesAsync(what, work);

    private Task<T> BarAsync<T>(string what, Func<Action<double?, string>, Task<T>> work) =>
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(console.Error) })
            .Progress()
            .AutoClear(enabled: true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(async context =>
            {
                var task = context.AddTask(Markup.Escape(what), maxValue: 1);
                return await work((done, words) =>
                {
                    task.IsIndeterminate = done is null;
                    task.Value = done ?? task.Value;
                    task.Description = Markup.Escape(OneLine.Of($"{what}: {words}"));
                });
            });

    private Task<T> LinesAsync<T>(string what, Func<Action<double?, string>, Task<T>> work)
    {
        var (told, last) = (time.GetTimestamp(), string.Empty);
        return work((done, words) =>
        {
            var line = done is { } share ? $"{what}: {words}, {share:P0}" : $"{what}: {words}";
            if (time.GetElapsedTime(told) >= (line == last ? SameLineEvery : LineEvery))
            {
                (told, last) = (time.GetTimestamp(), line);
                console.Note(line);
            }
        });
    }
}
