using System.Globalization;

namespace TicketAspire.Classifier.Text;

/// <summary>
/// What each UTF-16 code unit becomes in normalised text: lower case, without accents, full-width forms made narrow.
/// A typed "e" and "é" then count as the same letter, which is how people write tickets.
/// </summary>
internal static class CharacterFold
{
    /// <summary>Stands for a code unit that separates words.</summary>
    public const char Separator = '\0';

    /// <summary>Stands for a code unit that is dropped without separating: combining marks, joiners, apostrophes.</summary>
    public const char Dropped = '\u0001';

    private static readonly string[] Accented =
    [
        "aàáâãäåāăąǎǻạảấầẩẫậắằẳẵặæǟǡǣǽȁȃȧḁ", "bḃḅḇ", "cçćĉċčḉ", "dďđðḍḋḏḑḓ", "eèéêëēĕėęěẹẻẽếềểễệȅȇȩḕḗḙḛḝ", "fḟ",
        "gĝğġģǧǵḡ", "hĥħḥȟḣḧḩḫẖ", "iìíîïĩīĭįıİǐịỉȉȋḭḯ", "jĵǰ", "kķǩḱḳḵ", "lĺļľŀłḷḹḻḽ", "mḿṁṃ", "nñńņňŋṇǹṅṉṋ",
        "oòóôõöøōŏőǒọỏốồổỗộớờởỡợơœǫǭǿȍȏȫȭȯȱṍṏṑṓ", "pṕṗ", "rŕŗřṛȑȓṙṝṟ", "sśŝşšșßṣṡṥṧṩẛ", "tţťŧțṭṫṯṱẗ",
        "uùúûüũūŭůűųǔụủứừửữựưǖǘǚǜȕȗṳṵṷṹṻ", "vṽṿ", "wŵẁẃẅẇẉẘ", "xẋẍ", "yýÿŷỳỵỷỹȳẏẙ", "zźżžẓẑẕ", "αά", "εέ", "ηή",
        "ιίϊΐ", "οό", "υύϋΰ", "ωώ", "аӑӓ", "еѐёӗ", "гѓ", "жӂӝ", "иѝйӣӥ", "ії", "кќ", "оӧ", "уўӯӱӳ", "чӵ", "ыӹ", "эӭ",
    ];

    private static readonly char[] Table = Build();

    /// <summary>The folded letter or digit, or <see cref="Separator"/> or <see cref="Dropped"/>.</summary>
    public static char Of(char unit) => Table[unit];

    /// <summary>True for scripts written without spaces, whose characters are words of their own: Han and kana.</summary>
    public static bool IsOwnWord(char folded) => folded is >= '\u3040' and <= '\u30FF' or >= '\u3400' and <= '\u9FFF';

    private static char[] Build()
    {
        var table = new char[char.MaxValue + 1];
        for (var unit = 0; unit < table.Length; unit++)
        {
            table[unit] = Classify((char)unit);
        }

        foreach (var letters in Accented)
        {
            foreach (var letter in letters)
            {
                table[letter] = letters[0];
                table[char.ToUpperInvariant(letter)] = letters[0];
            }
        }

        table['\''] = table['\u2019'] = table['\u02BC'] = table['\u00AD'] = table['\u200D'] = Dropped;
        for (var wide = '\uFF01'; wide <= '\uFF5E'; wide++)
        {
            table[wide] = table[wide - '\uFF01' + '!'];
        }

        // Capitals that become an accented letter: the capital sharp s, the angstrom sign.
        for (var unit = 0; unit < table.Length; unit++)
        {
            table[unit] = table[unit] > Dropped ? table[table[unit]] : table[unit];
        }

        return table;
    }

    private static char Classify(char unit) => CharUnicodeInfo.GetUnicodeCategory(unit) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.OtherLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.DecimalDigitNumber
            or UnicodeCategory.SpacingCombiningMark => LowerCase(unit),
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark => IsAccent(unit) ? Dropped : unit,
        _ => Separator,
    };

    // What can be left out of a letter without making it another: accents, the vowel points of Hebrew and Arabic, the marks
    // that a decomposed kana carries, and variation selectors. In the scripts of India and South-East Asia marks are vowels.
    private static bool IsAccent(char mark) => mark is (>= '\u0300' and <= '\u036F') or (>= '\u0483' and <= '\u0489')
        or (>= '\u0591' and <= '\u05C7') or (>= '\u0610' and <= '\u061A') or (>= '\u064B' and <= '\u065F') or '\u0670'
        or (>= '\u06D6' and <= '\u06ED') or (>= '\u1AB0' and <= '\u1AFF') or (>= '\u1DC0' and <= '\u1DFF')
        or (>= '\u20D0' and <= '\u20F0') or (>= '\u302A' and <= '\u302D') or '\u3099' or '\u309A'
        or (>= '\uFE00' and <= '\uFE0F') or (>= '\uFE20' and <= '\uFE2F');

    // By way of the capital, which letters with two small forms share: the Greek sigmas, the micro sign and mu.
    private static char LowerCase(char unit) => char.ToLowerInvariant(char.ToUpperInvariant(unit));
}
