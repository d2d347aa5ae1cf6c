using System.Globalization;

namespace TicketAspire.Tests.Support;

/// <summary>An app host and all that it has started: the orchestrator, the dashboard, the services. As of proc(5). The benchmarks read it, too.</summary>
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

    /// <summary>What they hold in memory, in bytes: of pages that several processes share each has its part (PSS).</summary>
    public long Bytes => _starts.Keys.Sum(Held);

    /// <summary>What there is now.</summary>
    /// <param name="host">The app host's process id.</param>
    public static ProcessTree Of(int host)
    {
        var all = Directory.EnumerateDirectories("/proc").Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var id) ? Read(id) : null)
            .OfType<Entry>().ToArray();
        // The orchestrator is nobody's child, and watches the app host.
        var tree = all.Where(process => process.Id == host || process.Words.Contains($"--monitor {host} ", StringComparison.Ordinal)).ToDictionary(process => process.Id);
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

    private static long Held(int id)
    {
        try
        {
            return File.ReadLines($"/proc/{id}/smaps_rollup").Where(line => line.StartsWith("Pss:", StringComparison.Ordinal))
                .Sum(line => 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has just ended, or is somebody else's.
            return 0;
        }
    }

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
