namespace TicketAspire.Standalone;

/// <summary>The system cannot start; the message is one line for the person at the console.</summary>
internal sealed class StartException(string message) : Exception(message);
