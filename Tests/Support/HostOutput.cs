using System.Text;
using System.Text.RegularExpressions;

namespace TicketAspire.Tests.Support;

/// <summary>What a host prints, and what it says with it. The benchmarks read it, too.</summary>
internal sealed partial class HostOutput
{
    private readonly StringBuilder _text = new();
    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>On any free ports.</summary>
    public static string[] FreePorts { get; } = ["--Ports:Web=0", "--Ports:Api=0", "--Ports:Inference=0", "--Ports:Retrainer=0"];

    /// <summary>Complete once it has said where it listens; cancelled if it ends before.</summary>
    public Task Listening => _listening.Task;

    /// <summary>Complete once its models serve; cancelled if it ends before.</summary>
    public Task Ready => _ready.Task;

    /// <summary>All of it so far.</summary>
    public string Text
    {
        get
        {
            lock (_text)
            {
                return _text.ToString();
            }
        }
    }

    /// <summary>Where a service listens.</summary>
    public Uri Address(string service) =>
        new(AddressPattern().Matches(Text).Single(match => match.Groups["name"].Value == service).Groups["url"].Value);

    /// <summary>Takes the next line; null for the end of one of its outputs.</summary>
    public void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_text)
        {
            _text.AppendLine(line);
        }

        // The last line of the addresses.
        if (line.StartsWith("  Data ", StringComparison.Ordinal))
        {
            _listening.TrySetResult();
        }

        if (line.StartsWith("Ready", StringComparison.Ordinal))
        {
            _ready.TrySetResult();
        }
    }

    /// <summary>The host has ended: what it has not said, it will not say.</summary>
    public void End()
    {
        _listening.TrySetCanceled();
        _ready.TrySetCanceled();
    }

    [GeneratedRegex(@"^ +(?<name>\w+) +(?<url>http://\S+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex AddressPattern();
}
