using System.Diagnostics.Metrics;
using TicketAspire.Contracts;

namespace TicketAspire.ServiceDefaults.Telemetry.Rollups;

/// <summary>
/// Listens to a service's own meters and adds up what they measure, by series and tags. Several services may run in one
/// process: only meters of this service's factory are heard.
/// </summary>
public sealed class RollupCollector : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly (RollupSeries Series, RollupRecorder Recorder)[] _recorders;

    /// <summary>Listens from now on.</summary>
    /// <param name="meters">The service's factory; meters of others are not heard.</param>
    /// <param name="identity">Which service this is.</param>
    public RollupCollector(IMeterFactory meters, ServiceIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(meters);
        ArgumentNullException.ThrowIfNull(identity);
        _recorders = [.. RollupSeries.All.Select(series => (series, new RollupRecorder(series, identity.Name)))];
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, meters) && Find(instrument) is { } recorder)
            {
                listener.EnableMeasurementEvents(instrument, recorder);
            }
        };
        _listener.SetMeasurementEventCallback<long>(static (_, count, tags, recorder) => ((RollupRecorder)recorder!).Count(count, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, recorder) => ((RollupRecorder)recorder!).Record(value, tags));
        _listener.Start();
    }

    /// <summary>What was measured since the last time, counted in the minute in which it is given to have happened.</summary>
    /// <param name="at">A time within that minute.</param>
    public IReadOnlyList<Rollup> Take(DateTimeOffset at)
    {
        var minute = new DateTimeOffset(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        var taken = new List<Rollup>();
        foreach (var (_, recorder) in _recorders)
        {
            recorder.Take(minute, taken);
        }

        return taken;
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private RollupRecorder? Find(Instrument instrument) =>
        Array.Find(_recorders, one => one.Series.Name == instrument.Name && one.Series.Meter == instrument.Meter.Name).Recorder;
}
