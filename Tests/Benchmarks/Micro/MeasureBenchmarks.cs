using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using TicketAspire.ServiceDefaults;
using TicketAspire.ServiceDefaults.Telemetry;
using TicketAspire.ServiceDefaults.Telemetry.Rollups;

namespace TicketAspire.Benchmarks.Micro;

/// <summary>What measuring costs a prediction: with nobody who listens, and with what is kept for <c>/operations</c>.</summary>
public class MeasureBenchmarks : IDisposable
{
    private static readonly string[] Categories = ["Access", "Hardware", "Storage", "Purchase", "Miscellaneous", "Administrative rights", "HR Support", "Internal Project"];

    private ServiceProvider _services = null!;
    private Measures _measures = null!;
    private RollupCollector? _collector;

    /// <summary>Whether it is kept.</summary>
    [ParamsAllValues]
    public bool Kept { get; set; }

    /// <summary>Makes the meters, and who listens.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = _services.GetRequiredService<IMeterFactory>();
        _measures = new Measures(meters);
        _collector = Kept ? new RollupCollector(meters, new ServiceIdentity("inference")) : null;
    }

    /// <summary>One prediction's measurements.</summary>
    [Benchmark(OperationsPerInvoke = BenchmarkData.Texts)]
    public void Predicted()
    {
        for (var i = 0; i < BenchmarkData.Texts; i++)
        {
            _measures.Predicted(
                "tickets", Categories[i & 7], (i & 3) == 0 ? "review" : "auto", 3, i / (double)BenchmarkData.Texts, 0.1, TimeSpan.FromMicroseconds(20 + (i & 15)));
        }
    }

    /// <summary>Ends it.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _collector?.Dispose();
        _services?.Dispose();
        GC.SuppressFinalize(this);
    }
}
