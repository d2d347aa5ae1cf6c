namespace TicketAspire.Retrainer.Imports;

/// <summary>A model cannot be measured, and it is not the model's fault; the message says what to mend.</summary>
internal sealed class UnmeasurableException(string message, Exception? cause = null) : Exception(message, cause);
