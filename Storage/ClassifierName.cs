using System.Text.RegularExpressions;

namespace TicketAspire.Storage;

/// <summary>The rule for classifiers' names, which stand in addresses and in keys.</summary>
public static partial class ClassifierName
{
    /// <summary>The rule in words, for error messages.</summary>
    public const string Rule = "1 to 40 lower-case letters, digits, '-' or '_', beginning with a letter or digit";

    /// <summary>True if the name follows the rule.</summary>
    public static bool IsValid(string name) => Pattern().IsMatch(name);

    [GeneratedRegex("^[a-z0-9][a-z0-9_-]{0,39}\\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}
