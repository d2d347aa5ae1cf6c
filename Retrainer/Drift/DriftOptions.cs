using TicketAspire.Storage;

namespace TicketAspire.Retrainer.Drift;

/// <summary>When what comes in counts as drifted (<c>Drift:…</c>).</summary>
internal sealed class DriftOptions
{
    public const string Section = "Drift";

    /// <summary>The stability index from which on there is an alert.</summary>
    public double Threshold { get; set; } = 0.25;

    /// <summary>With fewer predictions than this nothing is said; a training is asked for only if the champion alone has as many.</summary>
    public int Least { get; set; } = 200;

    /// <summary>With less feedback than this nothing is said of its agreement; of the champion alone neither.</summary>
    public int LeastFeedback { get; set; } = 50;

    /// <summary>How far back is looked.</summary>
    public TimeSpan Window { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How often.</summary>
    public TimeSpan Every { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Whether drift past the threshold asks for a run, where the champion's own answers have drifted, too, there is anything
    /// new to learn, and the window holds no such run yet.
    /// </summary>
    public bool Retrain { get; set; }

    /// <summary>Checks the settings.</summary>
    /// <exception cref="InvalidOperationException">One makes no sense.</exception>
    public DriftOptions Checked()
    {
        if (!(Threshold > 0) || Least < 1 || LeastFeedback < 1)
        {
            throw new InvalidOperationException("Drift:Threshold must be more than 0, Drift:Least and Drift:LeastFeedback at least 1.");
        }

        if (Window < RollupSpan.Minute.Length || Window > RollupSpan.Hour.Kept || Every <= TimeSpan.Zero)
        {
            throw new InvalidOperationException(
                $"Drift:Window must be from a minute to {RollupSpan.Hour.Kept.TotalDays:F0} days, and Drift:Every more than 0.");
        }

        return this;
    }
}
