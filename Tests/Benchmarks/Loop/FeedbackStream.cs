using TicketAspire.Contracts;

namespace TicketAspire.Benchmarks.Loop;

/// <summary>
/// Feedback sent one entry after another, each of its own text and key, over all lives of a host; and what came of it. Of the
/// requests that died with the host, some are sent again with the same key, as a careful client does.
/// </summary>
internal sealed class FeedbackStream(Random random, Func<int, Example> entry)
{
    /// <summary>As many a second as a busy desk would never send, and few enough for the training to end between two kills.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly Dictionary<string, long> _acknowledged = [];
    private readonly HashSet<string> _sent = [];
    private int _next;
    private TaskCompletionSource _acknowledgement = new();
    private (Example Example, string Key)? _again;

    /// <summary>The acknowledged texts and their entries' ids.</summary>
    public IReadOnlyDictionary<string, long> Acknowledged => _acknowledged;

    /// <summary>All texts that were sent, answered or not.</summary>
    public IReadOnlySet<string> Sent => _sent;

    /// <summary>True sends without a pause, so that a kill meets a request under way.</summary>
    public bool Hurrying { get; set; }

    /// <summary>Requests that the host's death left without an answer.</summary>
    public int Unanswered { get; private set; }

    /// <summary>Of these, how many were sent again.</summary>
    public int Repeated { get; private set; }

    /// <summary>Requests that a living host answered with an error.</summary>
    public int Refused { get; private set; }

    /// <summary>Complete with the first acknowledgement in this life of the host.</summary>
    public Task Acknowledgement => _acknowledgement.Task;

    /// <summary>Begins a life of the host: sends until the host is dead.</summary>
    public async Task SendAsync(HostClient client, CancellationToken cancellation)
    {
        while (true)
        {
            var (example, key) = _again ?? Next();
            _again = null;
            try
            {
                var correction = new FeedbackRequest { Text = example.Text, TrueLabel = example.Label, Who = "crashes" };
                var answer = await client.CorrectAsync(correction, key, cancellation);
                _acknowledged.Add(example.Text, answer.Id);
                _acknowledgement.TrySetResult();
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException)
            {
                Unanswered++;
                if (random.Next(2) == 0)
                {
                    _again = (example, key);
                    Repeated++;
                }

                _acknowledgement.TrySetResult();
                _acknowledgement = new TaskCompletionSource();
                Hurrying = false;
                return;
            }
            catch (HostException)
            {
                Refused++;
            }

            if (!Hurrying)
            {
                await Task.Delay(Pause, cancellation);
            }
        }
    }

    private (Example Example, string Key) Next()
    {
        var example = entry(_next);
        _sent.Add(example.Text);
        return (example, $"key-{_next++}");
    }
}
