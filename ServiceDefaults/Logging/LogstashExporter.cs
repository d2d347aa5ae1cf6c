using System.Buffers;
using System.Net.Http.Headers;
using OpenTelemetry;
using OpenTelemetry.Logs;

namespace TicketAspire.ServiceDefaults.Logging;

/// <summary>
/// Posts batches of log entries to Logstash, a JSON object on each line. While it is away a batch is sent again, later each
/// time; what comes meanwhile waits in the batch processor.
/// </summary>
internal sealed class LogstashExporter(LogstashSettings settings, ServiceIdentity service) : BaseExporter<LogRecord>
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectTimeout = AnswerTime, UseCookies = false }) { Timeout = AnswerTime };
    private readonly EcsDocument _document = new(service);
    private readonly ManualResetEventSlim _ending = new();

    /// <summary>How many entries the last batch had that was exported or given up: for whoever counts what waits.</summary>
    public Action<int>? Ended { get; set; }

    /// <summary>How many entries were given up.</summary>
    public Action<int>? GivenUp { get; set; }

    /// <inheritdoc/>
    public override ExportResult Export(in Batch<LogRecord> batch)
    {
        // Without this the sending of logs would be traced and logged itself.
        using var quiet = SuppressInstrumentationScope.Begin();
        var lines = new ArrayBufferWriter<byte>(64 * 1024);
        var count = 0;
        foreach (var record in batch)
        {
            Write(lines, record);
            count++;
        }

        var sent = SendUntilDisposed(lines.WrittenMemory);
        if (!sent)
        {
            GivenUp?.Invoke(count);
        }

        Ended?.Invoke(count);
        return sent ? ExportResult.Success : ExportResult.Failure;
    }

    /// <inheritdoc/>
    protected override bool OnShutdown(int timeoutMilliseconds)
    {
        _ending.Set();
        return true;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _ending.Set();
            _http.Dispose();
            _ending.Dispose();
        }

        base.Dispose(disposing);
    }

    // The provider waits some seconds for this at the service's end, and then disposes of what it sends with.
    private bool SendUntilDisposed(ReadOnlyMemory<byte> lines)
    {
        try
        {
            return Send(lines);
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    private bool Send(ReadOnlyMemory<byte> lines)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            switch (TrySend(lines))
            {
                case true:
                    return true;
                case null:
                    // Refused for what it is: sent again it would be refused again.
                    return false;
            }

            // A service that stops tries once more at most.
            if (_ending.Wait(pause))
            {
                return TrySend(lines) == true;
            }
        }
    }

    // Null if the batch is refused for good.
    private bool? TrySend(ReadOnlyMemory<byte> lines)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, settings.Url)
            {
                Content = new ReadOnlyMemoryContent(lines) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-ndjson") } },
            };
            using var response = _http.Send(request);
            return response.IsSuccessStatusCode ? true : (int)response.StatusCode is 429 or >= 500 ? false : null;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    private void Write(ArrayBufferWriter<byte> lines, LogRecord record)
    {
        _document.Write(lines, new EcsEntry
        {
            At = new DateTimeOffset(record.Timestamp, TimeSpan.Zero),
            Level = record.LogLevel,
            Category = record.CategoryName ?? string.Empty,
            Event = record.EventId.Name,
            Message = record.FormattedMessage ?? record.Body ?? string.Empty,
            Attributes = record.Attributes ?? [],
            Exception = record.Exception,
            Trace = record.TraceId == default ? null : record.TraceId.ToHexString(),
            Span = record.SpanId == default ? null : record.SpanId.ToHexString(),
        });
        lines.Write("\n"u8);
    }
}
