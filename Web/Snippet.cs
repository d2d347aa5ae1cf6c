namespace TicketAspire.Web;

/// <summary>The beginning of a text.</summary>
internal static class Snippet
{
    /// <summary>At most so many UTF-16 code units of it, with an ellipsis if there is more.</summary>
    public static string Of(string text, int length) =>
        text.Length <= length ? text : text.AsSpan(0, char.IsHighSurrogate(text[length - 1]) ? length - 1 : length).TrimEnd().ToString() + "…";
}
