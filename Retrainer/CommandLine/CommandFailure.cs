namespace TicketAspire.Retrainer.CommandLine;

/// <summary>Something that the caller can mend; the message says what, in one line.</summary>
internal sealed class CommandFailure(string message) : Exception(message);
