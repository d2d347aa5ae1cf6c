using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace TicketAspire.Retrainer.CommandLine;

/// <summary>An example behind each command's help.</summary>
internal sealed class HelpExamples
{
    private readonly Dictionary<Command, string> _examples = [];

    /// <summary>Gives a command its example.</summary>
    public void Add(Command command, string example) => _examples.Add(command, example);

    /// <summary>Lets a root command's help show them.</summary>
    public void AddTo(RootCommand root)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new Help((SynchronousCommandLineAction)help.Action!, _examples);
    }

    private sealed class Help(SynchronousCommandLineAction usual, Dictionary<Command, string> examples) : SynchronousCommandLineAction
    {
        public override bool Terminating => usual.Terminating;

        public override bool ClearsParseErrors => usual.ClearsParseErrors;

        public override int Invoke(ParseResult parseResult)
        {
            var code = usual.Invoke(parseResult);
            if (examples.TryGetValue(parseResult.CommandResult.Command, out var example))
            {
                var output = parseResult.InvocationConfiguration.Output;
                output.WriteLine("Example:");
                output.WriteLine($"  {RootCommand.ExecutableName} {example}");
                output.WriteLine();
            }

            return code;
        }
    }
}
