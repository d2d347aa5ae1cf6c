namespace TicketAspire.ServiceDefaults.Starting;

/// <summary>Whether a service has started.</summary>
internal sealed class StartState
{
    private volatile bool _hasStarted;

    /// <summary>True once it listens.</summary>
    public bool HasStarted
    {
        get => _hasStarted;
        set => _hasStarted = value;
    }
}
