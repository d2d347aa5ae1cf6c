namespace TicketAspire.Web;

/// <summary>A label to choose, and the key that chooses it.</summary>
/// <param name="Label">The label.</param>
/// <param name="Key">One character; null when there are more labels than keys.</param>
internal readonly record struct ReviewChoice(string Label, char? Key);

/// <summary>Gives labels their keys.</summary>
internal static class ReviewKeys
{
    /// <summary>The keys, in the order in which labels get them. Enter, the full stop and the slash are commands.</summary>
    public const string Keys = "1234567890abcdefghijklmnopqrstuvwxyz";

    /// <summary>
    /// Where the keys suffice, each label has the same for every ticket, so that hands learn it. Where they do not, the
    /// labels that were considered for this ticket come first and have the keys; the others are found by typing.
    /// </summary>
    /// <param name="labels">All labels.</param>
    /// <param name="considered">What was predicted, then the alternatives.</param>
    public static IReadOnlyList<ReviewChoice> Assign(IReadOnlyList<string> labels, IEnumerable<string> considered)
    {
        var sorted = labels.Order(StringComparer.Ordinal).ToArray();
        if (sorted.Length <= Keys.Length)
        {
            return [.. sorted.Select((label, i) => new ReviewChoice(label, Keys[i]))];
        }

        var first = considered.Distinct(StringComparer.Ordinal).Where(sorted.Contains).ToArray();
        return
        [
            .. first.Select((label, i) => new ReviewChoice(label, Keys[i])),
            .. sorted.Except(first).Select(label => new ReviewChoice(label, null)),
        ];
    }
}
