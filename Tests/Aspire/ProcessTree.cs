using System.Globalization;
using TicketAspire.Tests.EndToEnd;
using TicketAspire.Tests.Support;

namespace TicketAspire.Tests.Aspire;

/// <summary>An app host and all that it has started: the orchestrator, the dashboard, the services. As of proc(5).</summary>
internal sealed class ProcessTree
{
    // A number may be given again; the time of the start tells one from the other.
    private readonly IReadOnlyDictionary<int, string> _starts;

    private ProcessTree(IEnumerable<Entry> processes) =>
        (_starts, Names) = (processes.ToDictionary(process => process.Id, process => process.Start), [.. processes.Select(process => process.Name)]);

    /// <summary>The last parts of the paths on the command lines.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Those that still run.</summary>
    public IReadOnlyList<int> Running => [.. _starts.Where(start => Read(start.Key)?.Start == start.Value).Select(start => start.Key)];

    /// <summary>What there is now.</summary>
    public static ProcessTree Of(HostProcess host)
    {
        var all = Directory.EnumerateDirectories("/proc").Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var id) ? Read(id) : null)
            .OfType<Entry>().ToArray();
        // The orchestrator is nobody's child, and watches the app host.
        var tree = all.Where(process => process.Id == host.Id || process.Words.Contains($"--monitor {host.Id} ", StringComparison.Ordinal)).ToDictionary(process => process.Id);
        for (var before = 0; before < tree.Count;)
        {
            before = tree.Count;
            foreach (var process in all.Where(process => tree.ContainsKey(process.Parent)))
            {
                tree.TryAdd(process.Id, process);
            }
        }

        return new ProcessTree(tree.Values);
    }

    /// <summary>Waits until none is left.</summary>
    public Task IsGoneAsync() => Eventually.IsSoAsync("no process is left", _ => Task.FromResult(Running.Count == 0), HttpCalls.Cancellation);

    private static Entry? Read(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            // After the name in brackets: state, parent, …, and as the 22nd field of all the start.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            var words = File.ReadAllText($"/proc/{id}/cmdline").Replace('\0', ' ');
            return fields[0] == "Z" ? null : new Entry(id, int.Parse(fields[1], CultureInfo.InvariantCulture), fields[19], words);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has just ended.
            return null;
        }
    }

    private sealed record Entry(int Id, int Parent, string Start, string Words)
    {
        public string Name => string.Join(' ', Words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Path.GetFileName));
    }
}
