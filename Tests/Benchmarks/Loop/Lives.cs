using System.Globalization;
using System.Text.RegularExpressions;

namespace TicketAspire.Benchmarks.Loop;

/// <summary>What is seen of each life of a host that is killed again and again.</summary>
internal sealed partial class Lives
{
    private readonly List<double> _ready = [];
    private readonly Dictionary<string, int> _complaints = [];
    private int _champion;

    /// <summary>How many lives there were.</summary>
    public int Count => _ready.Count;

    /// <summary>How long each took from its start to being ready.</summary>
    public IReadOnlyList<double> SecondsUntilReady => _ready;

    /// <summary>The first life's without its champion, in words; null when there was none.</summary>
    public string? Problem { get; private set; }

    /// <summary>Waits until the host is ready and asks its champion.</summary>
    public async Task CheckAsync(HostProcess host, HostClient client, CancellationToken cancellation)
    {
        await client.ReadyAsync(cancellation);
        _ready.Add(host.Age.TotalSeconds);
        try
        {
            var answer = await client.PredictAsync("anything", cancellation);
            if (answer.Model < _champion)
            {
                Problem ??= $"life {Count}: version {answer.Model} answers after version {_champion} did";
            }

            _champion = answer.Model;
        }
        catch (Exception exception) when (exception is HostException or HttpRequestException)
        {
            Problem ??= $"life {Count}: {exception.Message}";
        }
    }

    /// <summary>Keeps what the host has complained of.</summary>
    public void Ended(string output)
    {
        foreach (Match line in ComplaintPattern().Matches(output))
        {
            // The same, whatever run or version it was.
            var complaint = NumberPattern().Replace(line.Groups["what"].Value.TrimEnd('\r'), "#");
            _complaints[complaint] = _complaints.GetValueOrDefault(complaint) + 1;
        }
    }

    /// <summary>Prints the complaints, each once with its number.</summary>
    public void PrintComplaints()
    {
        foreach (var (complaint, times) in _complaints.OrderByDescending(complaint => complaint.Value))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{times} × {complaint}"));
        }
    }

    [GeneratedRegex(@"^\d\d:\d\d:\d\d (?<what>\w+ (CRITICAL|ERROR|warning): .*)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex ComplaintPattern();

    [GeneratedRegex(@"\d+")]
    private static partial Regex NumberPattern();
}
