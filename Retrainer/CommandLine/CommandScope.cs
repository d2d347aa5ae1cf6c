using System.CommandLine;
using System.CommandLine.Parsing;
using TicketAspire.Storage.Redis;

namespace TicketAspire.Retrainer.CommandLine;

/// <summary>What all commands share: four options, where they write, and how they fail.</summary>
internal sealed class CommandScope(TextWriter output, TextWriter error)
{
    /// <summary>The shared options' names.</summary>
    public static readonly string[] GlobalOptions = ["--storage", "--redis", "--classifier", "--json"];

    private readonly Option<string?> _storage = new("--storage")
    {
        Description = "The database file [default: Storage:Path of appsettings.json or the environment, else data/ticketaspire.db]",
        HelpName = "path",
        Recursive = true,
    };

    private readonly Option<string?> _redis = new("--redis")
    {
        Description = "The Redis server to use in place of a database file [default: ConnectionStrings:redis, if configured]",
        HelpName = "host:port",
        Recursive = true,
    };

    private readonly Option<string?> _classifier = new("--classifier", "-c")
    {
        Description = "The classifier [default: Classifiers:Default, else tickets]",
        HelpName = "name",
        Recursive = true,
    };

    private readonly Option<bool> _json = new("--json")
    {
        Description = "Write the result as one JSON document, as the Api does",
        Recursive = true,
    };

    private readonly HelpExamples _examples = new();

    /// <summary>Gives a root command the shared options, and its help the examples.</summary>
    public void AddTo(RootCommand root)
    {
        _examples.AddTo(root);
        root.Options.Add(_storage);
        root.Options.Add(_redis);
        root.Options.Add(_classifier);
        root.Options.Add(_json);
    }

    /// <summary>True if JSON is asked for: for a command's validators.</summary>
    public bool IsJson(SymbolResult result) => result.GetValue(_json);

    /// <summary>True if a classifier is named: for a command's validators.</summary>
    public bool IsNamed(SymbolResult result) => result.GetValue(_classifier) is not null;

    /// <summary>Gives a command's help an example.</summary>
    public void Example(Command command, string example) => _examples.Add(command, example);

    /// <summary>Says what a command does.</summary>
    /// <param name="command">The command.</param>
    /// <param name="work">Resolves to the exit code.</param>
    /// <param name="settings">Settings that the command's options stand for, by configuration key.</param>
    /// <param name="newStore">Whether there need not be a store yet.</param>
    public void Handle(
        Command command,
        Func<CommandSession, ParseResult, CancellationToken, Task<int>> work,
        Func<ParseResult, Dictionary<string, string?>>? settings = null,
        bool newStore = false) =>
        command.SetAction(async (parsed, cancellation) =>
        {
            try
            {
                var configured = settings?.Invoke(parsed) ?? [];
                configured["Storage:Path"] = parsed.GetValue(_storage);
                // A file that is named is meant, whatever is configured.
                configured[$"ConnectionStrings:{RedisRegistration.ConnectionStringName}"] =
                    parsed.GetValue(_redis) ?? (parsed.GetValue(_storage) is null ? null : string.Empty);
                await using var session = new CommandSession(
                    new CommandConsole(output, error, parsed.GetValue(_json)), parsed.GetValue(_classifier), configured);
                if (!newStore)
                {
                    session.RequireStore();
                }

                return await work(session, parsed, cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                await error.WriteLineAsync("Stopped.");
                return ExitCodes.Stopped;
            }
            catch (Exception exception)
            {
                await error.WriteLineAsync(OneLine.Of(exception.Message));
                return ExitCodes.Failed;
            }
        });
}
