namespace TicketAspire.Benchmarks.Loop;

/// <summary>The host did not do what was asked of it; the message tells what, with what it printed or answered.</summary>
internal sealed class HostException(string message) : Exception(message);
