using System.Text;
using Shouldly;
using TicketAspire.Classifier.Evaluation;
using TicketAspire.Classifier.Text;
using Xunit;

namespace TicketAspire.Tests.Classifier;

/// <summary>What makes two texts the same.</summary>
public sealed class NormalizedTextTests
{
    [Theory]
    [InlineData("The VPN is DOWN", "the vpn is down")]
    [InlineData("Café Ångström façade naïve", "cafe angstrom facade naive")]
    [InlineData("Cafe\u0301 A\u030Angstro\u0308m fac\u0327ade nai\u0308ve", "cafe angstrom facade naive")]
    [InlineData("Straße STRASSE œuvre Łódź İzmir ığdır", "strase strasse ouvre lodz izmir igdir")]
    [InlineData("ＶＰＮ　１２", "vpn 12")]
    [InlineData("don't can’t ma\u00ADchine", "dont cant machine")]
    [InlineData("e-mail, C:\\Users/me_too (re: #7)!", "e mail c users me too re 7")]
    [InlineData("打印机坏了", "打 印 机 坏 了")]
    [InlineData("PCが故障", "pc が 故 障")]
    [InlineData("vpn👍down ❤️👩‍💻 again", "vpn down again")]
    [InlineData("the\u00A0end\u200B.\r\n\tNext", "the end next")]
    [InlineData("ВХОД в Систему", "вход в систему")]
    [InlineData("प्रिंटर काम नहीं कर रहा", "प्रिंटर काम नहीं कर रहा")]
    [InlineData("เครื่องพิมพ์เสีย", "เครื่องพิมพ์เสีย")]
    [InlineData("مُشْكِلَة", "مشكلة")]
    [InlineData("מַדְפֶּסֶת", "מדפסת")]
    [InlineData("", "")]
    [InlineData(" \t…!?", "")]
    public void A_text_is_its_words_in_small_plain_letters(string text, string expected) =>
        NormalizedText.Of(text).ShouldBe(expected);

    [Theory]
    [InlineData("1", "1")]
    [InlineData("2024", "2024")]
    [InlineData("12345", "#")]
    [InlineData("ticket 1234567890 from 2024", "ticket # from 2024")]
    [InlineData("12'345", "#")]
    [InlineData("１２３４５", "#")]
    [InlineData("abc12345", "abc12345")]
    [InlineData("12345abc", "12345abc")]
    [InlineData("12345.6", "# 6")]
    public void A_number_of_more_than_four_digits_is_any_number(string text, string expected) =>
        NormalizedText.Of(text).ShouldBe(expected);

    [Fact]
    public void A_rare_ideograph_is_a_word_of_its_own()
    {
        NormalizedText.Of("a𠀀𠀁b").ShouldBe("a 𠀀 𠀁 b");
    }

    [Fact]
    public void The_case_of_a_letter_never_matters()
    {
        var wrong = Enumerable.Range(0, char.MaxValue + 1).Select(unit => (char)unit)
            .Where(char.IsLetter)
            .Where(unit => CharacterFold.Of(char.ToUpperInvariant(unit)) != CharacterFold.Of(unit)
                || CharacterFold.Of(char.ToLowerInvariant(unit)) != CharacterFold.Of(unit))
            .Select(unit => $"U+{(int)unit:X4} {unit}")
            .ToArray();

        wrong.ShouldBeEmpty();
        NormalizedText.Of("ΟΔΟΣ").ShouldBe(NormalizedText.Of("οδος"));
        NormalizedText.Of("STRAẞE").ShouldBe(NormalizedText.Of("straße"));
    }

    [Theory]
    [InlineData("é", "e\u0301")]
    [InlineData("Ṁ", "M\u0307")]
    [InlineData("ẅ", "w\u0308")]
    [InlineData("ǘ", "u\u0308\u0301")]
    [InlineData("ệ", "e\u0323\u0302")]
    [InlineData("\u212B", "A\u030A")]
    [InlineData("й", "и\u0306")]
    [InlineData("Ё", "Е\u0308")]
    [InlineData("ї", "і\u0308")]
    [InlineData("ώ", "ω\u0301")]
    [InlineData("Ά", "Α\u0301")]
    public void An_accented_letter_is_the_same_in_one_piece_and_in_two(string one, string two)
    {
        one.Length.ShouldBe(1);
        NormalizedText.Of(one).ShouldBe(NormalizedText.Of(two));
    }

    [Fact]
    public void Folding_a_folded_character_changes_nothing()
    {
        var folded = Enumerable.Range(0, char.MaxValue + 1).Select(unit => CharacterFold.Of((char)unit))
            .Where(unit => unit > CharacterFold.Dropped);

        folded.ShouldAllBe(unit => CharacterFold.Of(unit) == unit);
    }

    [Fact]
    public void A_word_knows_where_it_stands_in_the_source()
    {
        const string Text = "  Cafe\u0301: don't, 1234567 ＶＰＮ👍打印 𠀀x";
        var buffer = new TokenBuffer();

        buffer.Read(Text);

        Sources(buffer, Text).ShouldBe(["Cafe\u0301", "don't", "1234567", "ＶＰＮ", "打", "印", "𠀀", "x"]);
        Words(buffer).ShouldBe(["cafe", "dont", "#", "vpn", "打", "印", "𠀀", "x"]);
    }

    [Fact]
    public void A_buffer_forgets_the_text_before()
    {
        var buffer = new TokenBuffer();
        buffer.Read(string.Concat(Enumerable.Repeat("a long text first ", 1000)));
        buffer.Count.ShouldBe(4000);

        buffer.Read("12345");

        Words(buffer).ShouldBe(["#"]);
        buffer.Tokens[0].ShouldBe(new Token(0, 1, 0, 5));
    }

    [Fact]
    public void Unpaired_surrogates_separate_words_and_nothing_more()
    {
        foreach (var surrogates in new[] { "\uD83D", "\uDE00", "\uDE00\uD83D", "\uD83D\uD83D\uDE00" })
        {
            NormalizedText.Of($"vpn{surrogates}down{surrogates}").ShouldBe("vpn down");
        }
    }

    [Fact]
    public void Any_text_has_words_that_lie_in_it_in_order()
    {
        var buffer = new TokenBuffer();
        HostileText.Check(text =>
        {
            buffer.Read(text);
            var end = 0;
            foreach (var token in buffer.Tokens)
            {
                token.Length.ShouldBeGreaterThan(0);
                token.SourceStart.ShouldBeGreaterThanOrEqualTo(end);
                token.SourceLength.ShouldBeGreaterThan(0);
                end = token.SourceStart + token.SourceLength;
            }

            end.ShouldBeLessThanOrEqualTo(text.Length);
            string.Join(' ', Words(buffer)).ShouldBe(NormalizedText.Of(text));
        });
    }

    [Fact]
    public void The_normal_form_of_any_text_is_well_formed_and_its_own_normal_form()
    {
        var strict = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
        HostileText.Check(text =>
        {
            var normal = NormalizedText.Of(text);
            Should.NotThrow(() => strict.GetByteCount(normal));
            NormalizedText.Of(normal).ShouldBe(NormalizedText.Of(normal.Replace("#", "", StringComparison.Ordinal)));
            if (!normal.Contains('#', StringComparison.Ordinal))
            {
                NormalizedText.Of(normal).ShouldBe(normal);
            }
        });
    }

    [Theory]
    [InlineData("VPN is down!", 988910510965047861UL)]
    [InlineData("Strasse 2024: 1234567", 17725707436470772752UL)]
    [InlineData("打印机", 14983937141483160254UL)]
    [InlineData("...", 16406829232824261652UL)]
    public void The_hash_is_the_beginning_of_the_sha256_of_the_words_for_ever(string text, ulong expected) =>
        NormalizedText.Hash(text).ShouldBe(expected);

    [Fact]
    public void Case_accents_and_punctuation_do_not_change_the_hash_but_words_do()
    {
        var hash = NormalizedText.Hash("The café's VPN is down");

        NormalizedText.Hash("THE CAFES vpn -- is DOWN!!! 👎").ShouldBe(hash);
        NormalizedText.Hash("the cafés VPN is up").ShouldNotBe(hash);
        NormalizedText.Hash("VPN the cafés is down").ShouldNotBe(hash);
    }

    [Fact]
    public void The_hold_out_is_about_a_tenth()
    {
        var drawn = Enumerable.Range(0, 10_000).Count(i => HoldOut.Contains(NormalizedText.Hash($"ticket number {i}")));

        drawn.ShouldBeInRange(900, 1100);
    }

    [Fact]
    public void The_hold_out_is_always_the_same()
    {
        var drawn = Enumerable.Range(0, 60).Where(i => HoldOut.Contains(NormalizedText.Hash($"Ticket, number {i}!")));

        drawn.ShouldBe([3, 16, 25, 26, 29, 44, 55, 56]);
    }

    private static List<string> Words(TokenBuffer buffer) =>
        [.. buffer.Tokens.ToArray().Select(token => buffer[token].ToString())];

    private static List<string> Sources(TokenBuffer buffer, string text) =>
        [.. buffer.Tokens.ToArray().Select(token => text.Substring(token.SourceStart, token.SourceLength))];
}
