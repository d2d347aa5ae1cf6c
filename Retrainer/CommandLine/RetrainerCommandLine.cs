using System.CommandLine;
using System.CommandLine.Invocation;

namespace TicketAspire.Retrainer.CommandLine;

/// <summary>
/// The retrainer's work by hand: import, train, evaluate, promote, export, straight on the store, whether services run on it
/// or not. Results go to the output, everything else to the error output.
/// </summary>
internal static class RetrainerCommandLine
{
    private static readonly string[] OwnOptions = ["--help", "--version", .. CommandScope.GlobalOptions];

    /// <summary>
    /// After Ctrl+C a training ends within a fraction of a second and gives its run back; a store that is busy may take
    /// longer.
    /// </summary>
    private static readonly TimeSpan TimeToStop = TimeSpan.FromSeconds(15);

    /// <summary>Tells a command from a service's settings (none, <c>--Ports:Retrainer 6001</c>, <c>Host=*</c>).</summary>
    public static bool IsAsked(string[] args) =>
        args.Length > 0
        && (args[0] is "/?" or "/h" || OwnOptions.Contains(args[0].Split('=')[0], StringComparer.Ordinal)
            || !(args[0].StartsWith("--", StringComparison.Ordinal) || args[0].StartsWith('/') || args[0].Contains('=', StringComparison.Ordinal)));

    /// <summary>Carries a command out.</summary>
    /// <param name="args">The command and its options.</param>
    /// <param name="output">Receives the result.</param>
    /// <param name="error">Receives progress, notes and errors.</param>
    /// <param name="cancellation">Gives up, as Ctrl+C does.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        // A file's name may begin with '@'.
        var parsed = Commands(output, error).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction)
        {
            await error.WriteLineAsync(OneLine.Of(string.Join(" ", parsed.Errors.Select(problem => problem.Message))));
            await error.WriteLineAsync($"How to use it: {Path(parsed)} --help");
            return ExitCodes.WrongUsage;
        }

        return await parsed.InvokeAsync(
            new InvocationConfiguration
            {
                Output = output,
                Error = error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = TimeToStop,
            },
            cancellation);
    }

    private static RootCommand Commands(TextWriter output, TextWriter error)
    {
        var scope = new CommandScope(output, error);
        var root = new RootCommand(
            """
            Imports, trains, evaluates, promotes and exports ticket classifiers. Without a command, and with a service's
            settings only (--Ports:Retrainer 6001), the retraining service starts.

            Exit codes: 0 done (train: promoted), 1 failed, 2 wrong usage, 3 trained but rejected by the gate, 130 stopped.
            """)
        {
            ImportCommand.Create(scope),
            TrainCommand.Create(scope),
            EvaluateCommand.Create(scope),
            ModelsCommand.Create(scope),
            PromoteCommand.Create(scope),
            RollBackCommand.Create(scope),
            ExportCommand.Create(scope),
            RunsCommand.Create(scope),
        };
        scope.Example(root, "import tickets.csv --train");
        scope.AddTo(root);
        return root;
    }

    private static string Path(ParseResult parsed)
    {
        var names = new Stack<string>();
        for (var result = parsed.CommandResult; result is not null; result = result.Parent as System.CommandLine.Parsing.CommandResult)
        {
            names.Push(result.Command.Name);
        }

        return string.Join(' ', names);
    }
}
