using FsCheck;
using FsCheck.Fluent;

namespace TicketAspire.Tests.Classifier;

/// <summary>Texts that nobody would write, for tests by property: any sequence of UTF-16 code units may come.</summary>
internal static class HostileText
{
    private static readonly Gen<string> Unit = Gen.Frequency(
        (4, Between('a', 'z')),
        (1, Between('A', 'Z')),
        (2, Between('0', '9')),
        (4, Gen.Elements(" ", " ", "\t", "\n", "\0", "'", "\u2019", "\u00AD", "-", "#", ".", "\u0001", "\u0002", "\uFEFF", "\uFFFF")),
        (2, Between('\u0300', '\u036F')),
        (1, Between('\uD800', '\uDBFF')),
        (1, Between('\uDC00', '\uDFFF')),
        (1, Gen.Elements("😀", "👩‍💻", "🇩🇪", "𠀀", "𝐇", "👍🏽", "❤️")),
        (1, Between('\u4E00', '\u9FFF')),
        (1, Between('\u3040', '\u30FF')),
        (1, Between('\u0590', '\u06FF')),
        (1, Between('\u0E00', '\u0E7F')),
        (1, Between('\uFF01', '\uFF5E')),
        (1, Gen.Elements("\u202E", "\u200F", "\u2066", "\u200D", "\u200B")),
        (3, Between('\0', '\uFFFF')));

    /// <summary>Short and long ones; now and then a very long one, or one without any separator.</summary>
    public static Arbitrary<string> Any { get; } = Arb.From(
        Gen.Frequency(
            (8, Unit.ArrayOf().Select(string.Concat)),
            (1, Unit.Select(unit => string.Concat(Enumerable.Repeat(unit, 5000)))),
            (1, Unit.ArrayOf().Select(units => string.Concat(Enumerable.Repeat(string.Concat(units), 100))))),
        Shorter);

    /// <summary>Checks a property of any text; the exception of a failure names the text and the seed.</summary>
    public static void Check(Action<string> property, int tests = 500) =>
        FsCheck.Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(tests).WithEndSize(200),
            Prop.ForAll(Any, text => property(text)));

    private static Gen<string> Between(char first, char last) => Gen.Choose(first, last).Select(unit => ((char)unit).ToString());

    private static IEnumerable<string> Shorter(string text)
    {
        if (text.Length > 1)
        {
            yield return text[..(text.Length / 2)];
            yield return text[(text.Length / 2)..];
            yield return text[1..];
            yield return text[..^1];
        }
    }
}
