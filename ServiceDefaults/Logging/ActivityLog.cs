using Microsoft.Extensions.Logging;

namespace TicketAspire.ServiceDefaults.Logging;

/// <summary>
/// What goes on, entry by entry: requests and feedback. Written for where logs are collected and searched; on the console they
/// are hidden unless <c>Logging:Console:LogLevel:TicketAspire.Activity</c> says otherwise. Texts are never among it.
/// </summary>
public sealed partial class ActivityLog(ILoggerFactory loggers)
{
    /// <summary>The category of these entries.</summary>
    public const string Category = "TicketAspire.Activity";

    private readonly ILogger _logger = loggers.CreateLogger(Category);

    /// <summary>True if anybody wants them.</summary>
    public bool IsEnabled => _logger.IsEnabled(LogLevel.Information);

    /// <summary>A request was answered.</summary>
    public void Request(string method, string route, int status, double milliseconds) =>
        LogRequest(_logger, method, route, status, milliseconds);

    /// <summary>Feedback was acknowledged.</summary>
    /// <param name="classifier">The classifier that it teaches.</param>
    /// <param name="entry">Its number.</param>
    /// <param name="agreed">Whether it confirms the prediction; null if none is known.</param>
    public void Feedback(string classifier, long entry, bool? agreed) => LogFeedback(_logger, classifier, entry, agreed);

    [LoggerMessage(EventId = 1, EventName = EcsActions.Request, Level = LogLevel.Information, Message = "{Method} {Route} {Status} in {Milliseconds:F1} ms")]
    private static partial void LogRequest(ILogger logger, string method, string route, int status, double milliseconds);

    [LoggerMessage(EventId = 2, EventName = EcsActions.Feedback, Level = LogLevel.Information, Message = "{Classifier}: feedback {Entry}, agreed: {Agreed}")]
    private static partial void LogFeedback(ILogger logger, string classifier, long entry, bool? agreed);
}
