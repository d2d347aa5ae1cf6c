using System.Globalization;

namespace TicketAspire.Web;

/// <summary>How numbers are written for people.</summary>
internal static class Figures
{
    // Between a number and its unit, where a line must not break.
    private const char Joint = '\u00a0';

    /// <summary>A share as a percentage without decimals, but never a 100 or a 0 that is not one: 0.997 is 99.7 %.</summary>
    public static string Percent(double share) => share switch
    {
        > 0 and < 0.005 => $"<{Joint}1{Joint}%",
        >= 0.995 and < 1 => Unit(Math.Min(99.9, Math.Floor(share * 1000) / 10), "0.0", "%"),
        _ => Unit(share * 100, "0", "%"),
    };

    /// <summary>A share as a percentage with one decimal, as measured figures are compared.</summary>
    public static string Measured(double share) =>
        Unit(share * 100, "0.0", "%");

    /// <summary>By how many percentage points a share changed, with its sign; a change too small to see has none.</summary>
    public static string Points(double change)
    {
        var points = Math.Round(change * 100, 1);
        return Unit(points, "+0.0;−0.0;0.0", Math.Abs(points) == 1 ? "point" : "points");
    }

    /// <summary>A probability as statisticians write it.</summary>
    public static string Probability(double p) =>
        p < 0.001 ? $"p{Joint}<{Joint}0.001" : $"p{Joint}={Joint}" + p.ToString("0.###", CultureInfo.InvariantCulture);

    /// <summary>A count with thousands set apart.</summary>
    public static string Count(long count) => count.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', Joint);

    /// <summary>A number as an attribute of HTML or SVG takes it.</summary>
    public static string Attribute(double number) => number.ToString("0.####", CultureInfo.InvariantCulture);

    /// <summary>A size in bytes, kilobytes or megabytes.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1000 => Unit(bytes, "0", "B"),
        < 1_000_000 => Unit(bytes / 1e3, "0", "kB"),
        _ => Unit(bytes / 1e6, "0.0", "MB"),
    };

    /// <summary>How long something took.</summary>
    public static string Duration(TimeSpan time) => time.TotalSeconds switch
    {
        < 1 => Unit(time.TotalMilliseconds, "0", "ms"),
        < 90 => Unit(time.TotalSeconds, "0.0", "s"),
        _ => Unit(time.TotalMinutes, "0", "min"),
    };

    /// <summary>How long something took that may have taken microseconds.</summary>
    public static string Latency(double seconds) => seconds switch
    {
        0 => Unit(0, "0", "s"),
        < 0.9995e-3 => Unit(seconds * 1e6, "0", "µs"),
        < 9.95e-3 => Unit(seconds * 1e3, "0.0", "ms"),
        < 0.9995 => Unit(seconds * 1e3, "0", "ms"),
        < 9.95 => Unit(seconds, "0.0", "s"),
        _ => Unit(seconds, "0", "s"),
    };

    /// <summary>How long ago something was.</summary>
    public static string Ago(TimeSpan time) => time.TotalSeconds switch
    {
        < 10 => "just now",
        < 60 => Unit(Math.Floor(time.TotalSeconds), "0", "s ago"),
        < 3600 => Unit(Math.Floor(time.TotalMinutes), "0", "min ago"),
        < 86_400 => Unit(Math.Floor(time.TotalHours), "0", "h ago"),
        < 172_800 => "yesterday",
        _ => Unit(Math.Floor(time.TotalDays), "0", "days ago"),
    };

    /// <summary>How long until something is.</summary>
    public static string Ahead(TimeSpan time) => time.TotalSeconds switch
    {
        <= 0 => "now",
        < 90 => "in " + Unit(Math.Ceiling(time.TotalSeconds), "0", "s"),
        _ => "in " + Unit(Math.Ceiling(time.TotalMinutes), "0", "min"),
    };

    private static string Unit(double number, string format, string unit) =>
        number.ToString(format, CultureInfo.InvariantCulture) + Joint + unit;
}
