using System.Runtime.InteropServices;

namespace TicketAspire.Standalone;

/// <summary>Ctrl+C or a polite kill: the process is not ended, but asked to stop.</summary>
internal sealed class StopSignal : IDisposable
{
    private readonly CancellationTokenSource _requested = new();
    private readonly PosixSignalRegistration[] _registrations;

    public StopSignal() =>
        _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(signal =>
            PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                _requested.Cancel();
            }))];

    /// <summary>Cancelled when it comes.</summary>
    public CancellationToken Requested => _requested.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _requested.Dispose();
    }
}
