namespace TicketAspire.Storage;

/// <summary>
/// The store cannot be used: it cannot be opened, reached, read or written. The message is meant for the operator and
/// says what to look at. What was asked for has not happened, or where a server did not answer, may have: asking again does
/// no harm, and feedback with the same idempotency key is kept once.
/// </summary>
public sealed class StorageException : Exception
{
    /// <summary>An exception without a message.</summary>
    public StorageException()
    {
    }

    /// <summary>An exception that says what is wrong.</summary>
    public StorageException(string message)
        : base(message)
    {
    }

    /// <summary>An exception that says what is wrong, and the cause.</summary>
    public StorageException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>True if the store has no room left: asking again helps only after an operator has made some.</summary>
    public bool IsFull { get; init; }
}
