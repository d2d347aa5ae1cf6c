using TicketAspire.ServiceDefaults.Errors;
using TicketAspire.Storage;

namespace TicketAspire.Api.Tickets;

/// <summary>What the log's refusals mean to who asks.</summary>
internal static class TicketLogReading
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);

    /// <summary>Asks the log.</summary>
    /// <param name="log">The log.</param>
    /// <param name="ask">The question.</param>
    /// <param name="problem">What is wrong with the question, where the log says that something is.</param>
    /// <exception cref="RequestException">400: the question makes no sense. 503: the log cannot be asked.</exception>
    public static async Task<T> AskAsync<T>(this ITicketLog log, Func<ITicketLog, Task<T>> ask, string problem)
    {
        try
        {
            return await ask(log);
        }
        catch (ArgumentException)
        {
            throw RequestException.BadRequest(problem);
        }
        catch (StorageException)
        {
            throw RequestException.Unavailable("Tickets cannot be searched at the moment", Retry);
        }
    }
}
