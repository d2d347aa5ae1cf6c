using System.Text;
using Microsoft.Extensions.Configuration;
using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults.Errors;
using TicketAspire.ServiceDefaults.Limits;

namespace TicketAspire.ServiceDefaults.Http;

/// <summary>What a text must be to be classified or learned from.</summary>
public sealed class TicketText(IConfiguration configuration)
{
    /// <summary>The longest text in UTF-16 code units (<c>Limits:TextLength</c>).</summary>
    public int MaxLength { get; } = configuration.GetValue("Limits:TextLength", LimitDefaults.TextLength);

    /// <summary>What is wrong with the text, or null. The words for a missing text are those of the reference systems.</summary>
    public string? Problem(string? text, LabelKind label)
    {
        if (text is null && label == LabelKind.Intent)
        {
            return "Missing 'text' parameter";
        }

        if (string.IsNullOrWhiteSpace(text))
        {
            return "No text provided";
        }

        if (text.Length > MaxLength)
        {
            return $"The text is too long: at most {MaxLength} characters";
        }

        return HasWord(text) ? null : "The text holds no word";
    }

    /// <summary>Returns the text if there is nothing wrong with it.</summary>
    /// <exception cref="RequestException">400, or 413 for a text that is too long.</exception>
    public string Check(string? text, LabelKind label) => Problem(text, label) switch
    {
        null => text!,
        var problem when text?.Length > MaxLength => throw RequestException.TooLarge(problem),
        var problem => throw RequestException.BadRequest(problem),
    };

    private static bool HasWord(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune))
            {
                return true;
            }
        }

        return false;
    }
}
