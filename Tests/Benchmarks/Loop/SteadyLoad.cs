using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using TicketAspire.Contracts;

namespace TicketAspire.Benchmarks.Loop;

/// <summary>
/// Requests at a steady rate over a few connections that are kept, each with one request at a time; every answer is judged.
/// The rate is far below what the service bears, so that the times are the service's and not those of
/// a queue before it. A request that could not leave in time, as the one before it was not answered yet, counts from when it
/// was due.
/// </summary>
internal sealed class SteadyLoad : IDisposable
{
    private const int LongestAnswer = 1 << 16;

    private readonly HttpMessageInvoker _http;
    private readonly Uri _predict;
    private readonly Judgement _judge;
    private readonly byte[][] _requests;
    private readonly int _connections;
    private readonly TimeSpan _interval;

    /// <summary>Prepares it.</summary>
    /// <param name="predict">Where one text is classified.</param>
    /// <param name="texts">The texts, one after the other and from the beginning again.</param>
    /// <param name="judge">Judges each answer.</param>
    /// <param name="connections">How many connections.</param>
    /// <param name="perSecond">How many requests a second over all of them.</param>
    public SteadyLoad(Uri predict, IReadOnlyList<string> texts, Judgement judge, int connections, int perSecond)
    {
        _http = new HttpMessageInvoker(new SocketsHttpHandler { MaxConnectionsPerServer = connections, UseProxy = false, UseCookies = false });
        (_predict, _judge, _connections) = (predict, judge, connections);
        _requests = [.. texts.Select(text =>
            JsonSerializer.SerializeToUtf8Bytes(new PredictRequest(text), ContractsJson.Default.PredictRequest))];
        _interval = TimeSpan.FromSeconds(connections / (double)perSecond);
    }

    /// <summary>Sends until it is stopped.</summary>
    public async Task<LoadResult> RunAsync(CancellationToken stop)
    {
        var start = Stopwatch.GetTimestamp();
        var parts = await Task.WhenAll(Enumerable.Range(0, _connections).Select(connection =>
            Task.Run(() => SendAsync(connection, start, stop), CancellationToken.None)));
        return LoadResult.Sum(parts);
    }

    public void Dispose() => _http.Dispose();

    private async Task<LoadResult> SendAsync(int connection, long start, CancellationToken stop)
    {
        var result = new LoadResult();
        var buffer = new byte[LongestAnswer];
        var due = _interval * connection / _connections;
        // Each connection begins at another text.
        for (var next = connection * _requests.Length / _connections; ; next = (next + 1) % _requests.Length)
        {
            var from = due;
            if (due - Stopwatch.GetElapsedTime(start) is { Ticks: > 0 } early)
            {
                await Task.Delay(early, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                // The timer's lateness is not the service's.
                from = Stopwatch.GetElapsedTime(start);
            }

            if (stop.IsCancellationRequested)
            {
                return result;
            }

            await AskAsync(next, buffer, result);
            result.Times.Add(((int)from.TotalSeconds, (Stopwatch.GetElapsedTime(start) - from).TotalMilliseconds));
            due += _interval;
        }
    }

    // Not cancelled by the stop: a request that was sent is answered.
    private async Task AskAsync(int text, byte[] buffer, LoadResult result)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _predict) { Content = new ByteArrayContent(_requests[text]) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var response = await _http.SendAsync(request, CancellationToken.None);
            await using var stream = await response.Content.ReadAsStreamAsync(CancellationToken.None);
            var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, CancellationToken.None);
            _judge(result, text, response.StatusCode == HttpStatusCode.OK, buffer.AsSpan(0, length));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            result.Fail(exception.Message);
        }
    }
}

/// <summary>Notes an answer in the result.</summary>
/// <param name="result">What came of the load so far.</param>
/// <param name="text">The text's place among all.</param>
/// <param name="success">True for status 200.</param>
/// <param name="answer">The answer.</param>
internal delegate void Judgement(LoadResult result, int text, bool success, ReadOnlySpan<byte> answer);

/// <summary>What came of a load.</summary>
internal sealed class LoadResult
{
    /// <summary>Each request's time, and in which second of the load it was sent.</summary>
    public List<(int Second, double Milliseconds)> Times { get; } = [];

    /// <summary>Requests without an answer, or with another status than 200.</summary>
    public int Failures { get; private set; }

    /// <summary>Answers that are no version's.</summary>
    public int Mixtures { get; private set; }

    /// <summary>Answers with the id of a recorded ticket, where that is looked for.</summary>
    public int Recorded { get; private set; }

    /// <summary>Answers of the first version.</summary>
    public int First { get; private set; }

    /// <summary>Answers of the second version.</summary>
    public int Second { get; private set; }

    /// <summary>The first failure or mixture in words; null when there was none.</summary>
    public string? Problem { get; private set; }

    /// <summary>All of these as one.</summary>
    public static LoadResult Sum(IEnumerable<LoadResult> parts)
    {
        var sum = new LoadResult();
        foreach (var part in parts)
        {
            sum.Times.AddRange(part.Times);
            sum.Failures += part.Failures;
            sum.Mixtures += part.Mixtures;
            sum.Recorded += part.Recorded;
            sum.First += part.First;
            sum.Second += part.Second;
            sum.Problem ??= part.Problem;
        }

        return sum;
    }

    /// <summary>The median of the seconds' p99, in milliseconds: a neighbour on the machine disturbs some seconds only.</summary>
    public static double TypicalP99(IEnumerable<LoadResult> results) =>
        new Percentiles(results.SelectMany(result => result.Times
            .GroupBy(time => time.Second)
            // The last second is not a whole one: of less than a hundred there is no p99.
            .Where(second => second.Count() >= 100)
            .Select(second => new Percentiles(second.Select(time => time.Milliseconds)).At(0.99)))).Median;

    /// <summary>Judges one answer of the Api, which names the ticket that it has recorded.</summary>
    public void TakeRecorded(bool success, ReadOnlySpan<byte> answer)
    {
        if (success && answer.IndexOf("\"id\":\""u8) >= 0)
        {
            Recorded++;
        }
        else
        {
            Fail(Encoding.UTF8.GetString(answer));
        }
    }

    /// <summary>Judges one answer by what each version answers.</summary>
    public void Take(bool success, ReadOnlySpan<byte> answer, byte[] first, byte[] second)
    {
        if (!success)
        {
            Fail(Encoding.UTF8.GetString(answer));
        }
        else if (answer.SequenceEqual(first))
        {
            First++;
        }
        else if (answer.SequenceEqual(second))
        {
            Second++;
        }
        else
        {
            Mixtures++;
            Problem ??= $"{Encoding.UTF8.GetString(answer)} is neither {Encoding.UTF8.GetString(first)} nor {Encoding.UTF8.GetString(second)}";
        }
    }

    /// <summary>Notes a failure.</summary>
    public void Fail(string problem)
    {
        Failures++;
        Problem ??= problem;
    }
}
