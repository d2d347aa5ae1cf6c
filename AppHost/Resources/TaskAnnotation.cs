namespace TicketAspire.AppHost.Resources;

/// <summary>Marks a resource that does something once and ends, with 0 when it is done.</summary>
internal sealed class TaskAnnotation : IResourceAnnotation;
