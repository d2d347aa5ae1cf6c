using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using TicketAspire.ServiceDefaults.Telemetry;

namespace TicketAspire.Tests.Support;

/// <summary>The meters of a service that is not there.</summary>
public sealed class OwnMeters : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public OwnMeters()
    {
        Factory = _services.GetRequiredService<IMeterFactory>();
        Measures = new Measures(Factory);
    }

    public IMeterFactory Factory { get; }

    public Measures Measures { get; }

    public void Dispose() => _services.Dispose();
}
