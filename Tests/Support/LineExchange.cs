using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace TicketAspire.Tests.Support;

/// <summary>
/// A request whose body is sent line by line while the answer is read line by line, over a plain socket: HttpClient
/// finishes its request first.
/// </summary>
public sealed class LineExchange : IAsyncDisposable
{
    private readonly TcpClient _client;
    private readonly NetworkStream _stream;
    private readonly StreamReader _reader;

    private LineExchange(TcpClient client)
    {
        _client = client;
        _stream = client.GetStream();
        _reader = new StreamReader(_stream, Encoding.UTF8);
    }

    /// <summary>Sends the head of a POST request.</summary>
    public static async Task<LineExchange> OpenAsync(Uri address, string contentType)
    {
        ArgumentNullException.ThrowIfNull(address);
        var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, HttpCalls.Cancellation);
        var exchange = new LineExchange(client);
        await exchange.WriteAsync(
            $"POST {address.PathAndQuery} HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Type: {contentType}\r\nTransfer-Encoding: chunked\r\n\r\n");
        return exchange;
    }

    /// <summary>Sends one line, as a chunk of its own.</summary>
    public Task SendAsync(string line) =>
        WriteAsync($"{Encoding.UTF8.GetByteCount(line) + 1:x}\r\n{line}\n\r\n");

    /// <summary>Says that no further line comes.</summary>
    public Task EndAsync() => WriteAsync("0\r\n\r\n");

    /// <summary>Reads the head of the answer and gives its status.</summary>
    public async Task<int> StatusAsync()
    {
        var status = await ReadAsync();
        while ((await ReadAsync()).Length > 0)
        {
        }

        return int.Parse(status.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    /// <summary>The next line of the answer, or null after the last.</summary>
    public async Task<string?> NextAsync()
    {
        // The sizes of the chunks stand on lines of their own, and none of them begins as an object does.
        while (true)
        {
            var line = await ReadAsync();
            if (line.StartsWith('{'))
            {
                return line;
            }

            if (line == "0")
            {
                return null;
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task<string> ReadAsync() =>
        Eventually.WithinLimitAsync(
            "the next line of the answer",
            async limit => await _reader.ReadLineAsync(limit) ?? throw new EndOfStreamException("The connection was closed."),
            HttpCalls.Cancellation);

    private async Task WriteAsync(string text) =>
        await _stream.WriteAsync(Encoding.UTF8.GetBytes(text), HttpCalls.Cancellation);
}
