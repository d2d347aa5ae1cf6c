using System.Globalization;
using TicketAspire.Contracts;

namespace TicketAspire.Retrainer.CommandLine;

/// <summary>A model's figures in words, the same in every command.</summary>
internal static class Figures
{
    /// <summary>A share or a confidence.</summary>
    public static string Share(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    /// <summary>A number of things.</summary>
    public static string Count(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A time in UTC, to the minute.</summary>
    public static string Time(DateTimeOffset? value) =>
        value?.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? string.Empty;

    /// <summary>The figures as facts.</summary>
    public static (string Name, string? Value)[] Facts(ModelMetrics metrics) =>
    [
        ("accuracy", $"{Share(metrics.Accuracy)} of {metrics.Examples} answers"),
        ("macro-F1", Share(metrics.MacroF1)),
        ("calibration error", Share(metrics.CalibrationError)),
        ("threshold", metrics.Coverage == 0
            ? string.Create(CultureInfo.InvariantCulture, $"none: no confidence is right in {metrics.TargetPrecision:0.##%} of the cases")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{metrics.Threshold:0.0000} (target precision {metrics.TargetPrecision:0.##%}): {metrics.Coverage:0.0%} routed, {metrics.Precision:0.0%} of them right")),
    ];

    /// <summary>What a model was made from, in full.</summary>
    public static string Full(ModelLineage lineage) =>
        $"data set {lineage.Dataset}, feedback up to {lineage.FeedbackMark}, {lineage.Examples} examples, engine {lineage.Engine}, {lineage.Settings}, seed {lineage.Seed}";

    /// <summary>What a model was made from, for a column: the data set's first digits, the feedback mark, the level.</summary>
    public static string Short(ModelLineage lineage) =>
        $"{lineage.Dataset[..Math.Min(8, lineage.Dataset.Length)]}+{lineage.FeedbackMark} {lineage.Settings.Split(' ')[0]}";
}
