using System.Globalization;

namespace TicketAspire.ServiceDefaults.Settings;

/// <summary>What the value of a setting must be like.</summary>
/// <param name="Words">The same for a person: <c>a whole number from 1</c>.</param>
/// <param name="Fits">Whether a value is.</param>
public sealed record SettingForm(string Words, Func<string, bool> Fits)
{
    /// <summary>Anything; who reads it knows more.</summary>
    public static readonly SettingForm Text = new("a text", _ => true);

    /// <summary>A file or folder, which may be relative.</summary>
    public static readonly SettingForm File = new("a path", _ => true);

    /// <summary>What nobody may read who does not need it.</summary>
    public static readonly SettingForm Secret = new("a secret", _ => true);

    /// <summary>So many of something.</summary>
    public static readonly SettingForm Count = new("a whole number from 1", value => Parsed(value) is >= 1);

    /// <summary>So many of something, or none.</summary>
    public static readonly SettingForm CountOrNone = new("a whole number from 0", value => Parsed(value) is >= 0);

    /// <summary>So many of something, or all that there are.</summary>
    public static readonly SettingForm CountOrAll = new("a whole number from 1, or -1 for all", value => Parsed(value) is >= 1 or -1);

    /// <summary>Any whole number.</summary>
    public static readonly SettingForm Whole = new("a whole number", value => int.TryParse(value, CultureInfo.InvariantCulture, out _));

    /// <summary>A share or probability.</summary>
    public static readonly SettingForm Share = new("a number from 0 to 1", value => Number(value) is >= 0 and <= 1);

    /// <summary>A number that is not negative.</summary>
    public static readonly SettingForm Amount = new("a number from 0", value => Number(value) is >= 0);

    /// <summary>A length of time.</summary>
    public static readonly SettingForm Time = new(
        "a time (00:00:10, or 30.00:00:00 for days)", value => TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out var time) && time >= TimeSpan.Zero);

    /// <summary>On or off.</summary>
    public static readonly SettingForm Switch = new("true or false", value => bool.TryParse(value, out _));

    /// <summary>One of a few words, in upper or lower case.</summary>
    public static SettingForm OneOf(params string[] words) => new(
        string.Join(" or ", words), value => words.Contains(value, StringComparer.OrdinalIgnoreCase));

    private static long? Parsed(string value) => long.TryParse(value, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static double? Number(string value) =>
        double.TryParse(value, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}
