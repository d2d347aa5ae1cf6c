namespace TicketAspire.ServiceDefaults.Logging;

/// <summary>The names of log entries that are events of the system: ECS's <c>event.action</c>, by which dashboards count.</summary>
public static class EcsActions
{
    /// <summary>A request was answered.</summary>
    public const string Request = "request";

    /// <summary>Feedback was acknowledged.</summary>
    public const string Feedback = "feedback";

    /// <summary>A retraining run has ended.</summary>
    public const string Retraining = "retraining";

    /// <summary>Another model serves.</summary>
    public const string Champion = "champion";

    /// <summary>Tickets have come to differ from what the model was trained on, or no longer do.</summary>
    public const string Drift = "drift";

    /// <summary>They no longer differ: the same action, told in other words.</summary>
    public const string DriftOver = $"{Drift}.over";

    /// <summary>Whether they still differ is not known any more: the same action, told in other words.</summary>
    public const string DriftUnknown = $"{Drift}.unknown";

    /// <summary>A retraining run has failed: the same action, told in other words.</summary>
    public const string RetrainingFailed = $"{Retraining}.failed";

    /// <summary>The action that an entry's event name stands for; null for any other name.</summary>
    public static string? Of(string? name) => name?.Split('.')[0] switch
    {
        (Request or Feedback or Retraining or Champion or Drift) and var action => action,
        _ => null,
    };
}
