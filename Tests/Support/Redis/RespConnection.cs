using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace TicketAspire.Tests.Support.Redis;

/// <summary>
/// One plain connection to a redis-server or a sentinel, for commands one after the other: https://redis.io/docs/reference/protocol-spec.
/// A connection of its own is what WAIT, MULTI and CLIENT need, which speak of what was sent on the same.
/// </summary>
internal sealed class RespConnection : IDisposable
{
    // One character for each byte, since the protocol counts bytes.
    private static readonly Encoding Bytes = Encoding.Latin1;

    private readonly TcpClient _client;
    private readonly StreamReader _reader;

    private RespConnection(TcpClient client)
    {
        _client = client;
        _reader = new StreamReader(client.GetStream(), Bytes);
    }

    /// <exception cref="SocketException">Nobody listens there.</exception>
    public static async Task<RespConnection> OpenAsync(int port, CancellationToken cancellation)
    {
        var client = new TcpClient { NoDelay = true };
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port, cancellation);
            return new RespConnection(client);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Sends one command and reads the answer.</summary>
    /// <returns>
    /// The answer as text: of an array, of arrays in it too, each element on a line of its own; <c>(nil)</c> for what is not there.
    /// </returns>
    /// <exception cref="RedisErrorException">The answer is an error.</exception>
    /// <exception cref="IOException">The connection was closed, as by SHUTDOWN or a kill.</exception>
    public async Task<string> CallAsync(IReadOnlyList<string> command, CancellationToken cancellation)
    {
        var request = new StringBuilder().Append(CultureInfo.InvariantCulture, $"*{command.Count}\r\n");
        foreach (var part in command)
        {
            request.Append(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(part)}\r\n{part}\r\n");
        }

        await _client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(request.ToString()), cancellation);
        return await ReadAsync(cancellation);
    }

    public void Dispose()
    {
        _reader.Dispose();
        _client.Dispose();
    }

    private async Task<string> ReadAsync(CancellationToken cancellation)
    {
        var line = await _reader.ReadLineAsync(cancellation) ?? throw new EndOfStreamException("The connection was closed.");
        return line[0] switch
        {
            '+' or ':' => line[1..],
            '-' => throw new RedisErrorException(line[1..]),
            '$' => await ReadTextAsync(Length(line), cancellation),
            '*' => await ReadListAsync(Length(line), cancellation),
            _ => throw new InvalidDataException($"This is no answer of Redis: {line}"),
        };
    }

    private async Task<string> ReadTextAsync(int length, CancellationToken cancellation)
    {
        if (length < 0)
        {
            return "(nil)";
        }

        // The text and the end of its line.
        var text = new char[length + 2];
        return await _reader.ReadBlockAsync(text, cancellation) == text.Length
            ? Encoding.UTF8.GetString(Bytes.GetBytes(text, 0, length))
            : throw new EndOfStreamException("The connection was closed.");
    }

    private async Task<string> ReadListAsync(int length, CancellationToken cancellation)
    {
        if (length < 0)
        {
            return "(nil)";
        }

        var elements = new string[length];
        for (var i = 0; i < length; i++)
        {
            elements[i] = await ReadAsync(cancellation);
        }

        return string.Join('\n', elements);
    }

    private static int Length(string line) => int.Parse(line.AsSpan(1), CultureInfo.InvariantCulture);
}

/// <summary>What Redis answered instead of a result: <c>LOADING …</c>, <c>OOM …</c>, <c>READONLY …</c>.</summary>
public sealed class RedisErrorException(string message) : Exception(message);
