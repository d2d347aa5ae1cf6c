namespace TicketAspire.ServiceDefaults.Starting;

/// <summary>Something cannot start; the message is one line for the person at the console.</summary>
public sealed class StartException(string message) : Exception(message);
