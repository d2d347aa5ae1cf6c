using System.Net;
using StackExchange.Redis;

namespace TicketAspire.Storage.Redis;

/// <summary>Where Redis is, as the connection string says it.</summary>
/// <param name="Options">
/// How to connect, in StackExchange.Redis's words. With <paramref name="Service"/> the end points are sentinels.
/// </param>
/// <param name="Service">The name by which sentinels know the master; null where the end points are the server's own.</param>
internal sealed record RedisAddress(ConfigurationOptions Options, string? Service)
{
    private const string ServiceOption = "serviceName";
    private const int ServerPort = 6379;
    private const int SentinelPort = 26379;

    /// <summary>The end points, without credentials.</summary>
    public string Words => string.Join(
        ", ", Options.EndPoints.Select(point => point.ToString()!.Replace("Unspecified/", string.Empty, StringComparison.Ordinal)));

    /// <summary>Reads <c>ConnectionStrings:redis</c>: <c>host:port[,host:port…][,password=…][,serviceName=…]</c>.</summary>
    /// <exception cref="StorageException">It is not a connection string.</exception>
    public static RedisAddress Parse(string connectionString)
    {
        string[] parts = connectionString.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        // Which sentinels' master it is, only newer clients know how to find out: here all do it the same way, our own.
        var service = parts.Select(part => part.Split('=', 2))
            .FirstOrDefault(part => part.Length == 2 && part[0].Trim().Equals(ServiceOption, StringComparison.OrdinalIgnoreCase))?[1].Trim();
        var rest = parts.Where(part => !part.StartsWith(ServiceOption, StringComparison.OrdinalIgnoreCase));
        var options = OptionsOrNull(string.Join(',', rest))
            ?? throw new StorageException("ConnectionStrings:redis is not a connection string of Redis (host:port,password=…; a password has no comma).");
        if (options.EndPoints.Count == 0)
        {
            throw new StorageException("ConnectionStrings:redis names no server (host:port,password=…).");
        }

        for (var i = 0; i < options.EndPoints.Count; i++)
        {
            options.EndPoints[i] = WithPort(options.EndPoints[i], service is null ? ServerPort : SentinelPort);
        }

        // A server that is away at the start is waited for, as one that goes away later.
        options.AbortOnConnectFail = false;
        options.ConnectRetry = 1;
        options.ConnectTimeout = Math.Min(options.ConnectTimeout, 2_000);
        options.ReconnectRetryPolicy = new LinearRetry(250);
        options.ClientName ??= "ticketaspire";
        // Newer clients ask for CONFIG GET only with this; the server's own permissions are what counts.
        options.AllowAdmin = true;
        return new RedisAddress(options, service);
    }

    // What the parser says of an error stays here: it quotes, and what it quotes may be a piece of a password.
    private static ConfigurationOptions? OptionsOrNull(string text)
    {
        try
        {
            return ConfigurationOptions.Parse(text);
        }
        catch (Exception error) when (error is ArgumentException or FormatException)
        {
            return null;
        }
    }

    private static EndPoint WithPort(EndPoint point, int port) => point switch
    {
        DnsEndPoint { Port: 0, Host: var host } => new DnsEndPoint(host, port),
        IPEndPoint { Port: 0, Address: var address } => new IPEndPoint(address, port),
        _ => point,
    };
}
