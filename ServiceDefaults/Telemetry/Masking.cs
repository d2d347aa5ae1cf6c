using System.Text.RegularExpressions;

namespace TicketAspire.ServiceDefaults.Telemetry;

/// <summary>Masks what in a text is plainly somebody's: e-mail addresses, phone numbers, card numbers, and secrets.</summary>
public static partial class Masking
{
    /// <summary>What a masked part is replaced by.</summary>
    public const string Masked = "***";

    /// <summary>The text without them. Names and addresses stay: no pattern knows them.</summary>
    public static string Mask(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        text = Secret().Replace(text, match => $"{match.Groups["name"].Value}{Masked}");
        text = Token().Replace(text, Masked);
        text = Address().Replace(text, Masked);
        return Number().Replace(text, match => match.Value.Count(char.IsAsciiDigit) >= 7 ? Masked : match.Value);
    }

    // "password: x", "pwd=x", "my pin is 1234", "Authorization: Bearer x", {"password":"x"}, CLIENT_SECRET=x;
    // what is quoted, else up to the next space.
    [GeneratedRegex(
        @"(?<name>(?<![\p{L}\p{N}])(?:(?:pass(?:word|wort|phrase|code)?|pwd|pin|secret|token|api[ _-]?key|kennwort)\b(?:\s+(?:is|ist|was|war)\b\s*[:=]?\s*|[""']?\s*[:=]\s*)|bearer\s+))(?<value>""[^""]*""|'[^']*'|[^\s,]\S*?(?=,?(?:\s|$)))",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Secret();

    // Long runs of letters with digits among them, as keys and tokens are.
    [GeneratedRegex(@"\b(?=[A-Za-z0-9+/_=-]*\d)(?=[A-Za-z0-9+/_=-]*[A-Za-z])[A-Za-z0-9+/_=-]{24,}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();

    [GeneratedRegex(@"[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Address();

    // Digits with what is written between those of phone and card numbers.
    [GeneratedRegex(@"(?<![\p{L}\p{N}])\+?\(?\d[\d\s()./-]{5,}\d(?![\p{L}\p{N}])", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Number();
}
