namespace TicketAspire.Benchmarks.Peers;

/// <summary>What another classifier came to on the same split; no calibration and coverage for one without confidences.</summary>
internal sealed record PeerResult(
    string Name,
    double Accuracy,
    double MacroF1,
    double? CalibrationError,
    double? Coverage95,
    double? Coverage99,
    double CpuSeconds,
    double PredictMicros,
    double Megabytes);
