using TicketAspire.Contracts;

namespace TicketAspire.Web;

/// <summary>What the messages' enumerations are called on a page.</summary>
internal static class Words
{
    /// <summary>What a classifier's label is called.</summary>
    public static string Of(LabelKind kind) => kind == LabelKind.Intent ? "intent" : "category";

    public static string Of(ModelState state) => state switch
    {
        ModelState.Champion => "In service",
        ModelState.Former => "Served before",
        ModelState.Imported => "Imported",
        _ => "Rejected",
    };

    public static string Of(RunState state) => state switch
    {
        RunState.Queued => "Queued",
        RunState.Running => "Running",
        RunState.Promoted => "Promoted",
        RunState.Rejected => "Rejected",
        RunState.Failed => "Failed",
        RunState.Cancelled => "Cancelled",
        _ => "Interrupted",
    };

    public static string Of(RunTrigger trigger) => trigger switch
    {
        RunTrigger.Starter => "first start",
        RunTrigger.Feedback => "enough feedback",
        RunTrigger.Request => "asked for by a person",
        RunTrigger.Repair => "a model that cannot be read",
        RunTrigger.Schedule => "the schedule",
        RunTrigger.Drift => "drift",
        RunTrigger.Upload => "a model from elsewhere",
        _ => "new data set",
    };

    public static string Of(RunStage stage) => stage switch
    {
        RunStage.Gathering => "Reading data set and feedback",
        RunStage.Features => "Turning texts into features",
        RunStage.Training => "Learning the weights",
        RunStage.Calibrating => "Fitting the confidences",
        RunStage.Evaluating => "Measuring on the hold-out",
        RunStage.Deciding => "Comparing with the champion",
        _ => "Putting it in service",
    };

    public static string Of(DriftState state) => state switch
    {
        DriftState.Drifted => "Drifted",
        DriftState.Shifting => "Shifting",
        DriftState.Stable => "Stable",
        DriftState.TooFew => "Too few yet",
        _ => "No baseline",
    };

    /// <summary>Where a ticket goes.</summary>
    public static string OfRoute(string route) =>
        route == Routes.Auto ? "routed automatically" : "a person should look";

    /// <summary>An enumeration's member as messages, attributes and styles spell it.</summary>
    public static string Key<T>(T member)
        where T : struct, Enum => member.Word;
}
