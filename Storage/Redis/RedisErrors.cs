using StackExchange.Redis;

namespace TicketAspire.Storage.Redis;

/// <summary>What Redis's errors mean to an operator.</summary>
internal static class RedisErrors
{
    /// <summary>The error in words that say what to look at.</summary>
    public static StorageException AsStorageException(Exception error, string address)
    {
        var words = error switch
        {
            RedisServerException { Message: var message } => Refusal(message),
            TimeoutException => "does not answer in time",
            _ => "cannot be reached",
        };
        return new StorageException($"Redis at {address} {words}", error)
        {
            IsFull = error is RedisServerException && error.Message.Contains("OOM", StringComparison.Ordinal),
        };
    }

    // A server's refusal begins with a word for its kind: redis.io/docs/latest/develop/reference/protocol-spec, "Simple errors".
    private static string Refusal(string message) =>
        message.Contains("OOM", StringComparison.Ordinal) ? "is full: raise its maxmemory"
        : message.Contains("READONLY", StringComparison.Ordinal) ? "is a replica that cannot be written"
        : message.Contains("LOADING", StringComparison.Ordinal) ? "is still loading its data"
        : message.Contains("MISCONF", StringComparison.Ordinal) ? "cannot write to its disk"
        : message.Contains("NOREPLICAS", StringComparison.Ordinal) ? "has too few replicas to take writes"
        : message.Contains("NOAUTH", StringComparison.Ordinal) || message.Contains("WRONGPASS", StringComparison.Ordinal) ? "wants another password"
        : message.Contains("NOPERM", StringComparison.Ordinal) ? "does not permit this user what is needed"
        : $"refuses: {message}";
}
