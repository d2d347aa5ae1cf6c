namespace TicketAspire.Storage;

/// <summary>
/// The store cannot be used: it cannot be opened, reached, read or written. The message is meant for the operator and
/// says what to look at; what was asked for has not happened.
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
}
