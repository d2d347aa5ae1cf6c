using TicketAspire.ServiceDefaults.Errors;

namespace TicketAspire.Api;

/// <summary>Who does something, as far as they say.</summary>
internal static class Person
{
    private const int LongestName = 100;

    /// <summary>The name, or words for somebody without one.</summary>
    /// <exception cref="RequestException">400: the name is too long.</exception>
    public static string Named(string? by) =>
        by?.Length > LongestName ? throw RequestException.BadRequest($"'by' has at most {LongestName} characters")
        : string.IsNullOrWhiteSpace(by) ? "a person"
        : by.Trim();
}
