using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults.Telemetry;

namespace TicketAspire.Retrainer.Runs;

/// <summary>Measures how long a run is in each of its stages.</summary>
internal sealed class StageTimes(string classifier, Measures measures, TimeProvider time)
{
    private readonly Lock _gate = new();
    private RunStage? _stage;
    private long _since;

    /// <summary>The run is in this stage; to be there already changes nothing.</summary>
    public void Enter(RunStage stage) => Change(stage);

    /// <summary>The run has left its last stage.</summary>
    public void End() => Change(stage: null);

    private void Change(RunStage? stage)
    {
        lock (_gate)
        {
            if (_stage == stage)
            {
                return;
            }

            var now = time.GetTimestamp();
            if (_stage is { } left)
            {
                measures.LeftStage(classifier, left.Word, time.GetElapsedTime(_since, now));
            }

            (_stage, _since) = (stage, now);
        }
    }
}
