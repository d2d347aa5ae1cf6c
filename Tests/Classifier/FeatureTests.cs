using System.Runtime.Intrinsics;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using TicketAspire.Classifier.Features;
using TicketAspire.Classifier.Learning;
using TicketAspire.Classifier.Text;
using Xunit;

namespace TicketAspire.Tests.Classifier;

/// <summary>What the learner sees of a text.</summary>
public sealed class FeatureTests
{
    private const uint WordVpn = 1878215105;
    private const uint WordDown = 244934592;
    private const uint PairVpnDown = 3917791680;
    private const uint GramA = 2916184127;

    private static readonly Config Throwing = Config.QuickThrowOnFailure;

    private static readonly ParallelOptions TwoThreads = new() { MaxDegreeOfParallelism = 2 };

    [Fact]
    public void A_word_has_its_own_feature_wherever_it_stands()
    {
        var once = Features.Of("printer", FeatureView.Words);
        var among = Features.Of("The PRINTER jams, printer!", FeatureView.Words);

        once.Count.ShouldBe(1);
        among.Where(found => found.Hash == once[0].Hash).ShouldBe([new(once[0].Hash, 1, 1), new(once[0].Hash, 3, 3)]);
    }

    [Fact]
    public void Words_pairs_and_pairs_with_a_gap_are_found_in_text_order()
    {
        var found = Features.Of("my printer jams again", FeatureView.Words);

        found.Select(feature => (feature.First, feature.Second))
            .ShouldBe([(0, 0), (1, 1), (0, 1), (2, 2), (1, 2), (0, 2), (3, 3), (2, 3), (1, 3)]);
        found.Select(feature => feature.Hash).Distinct().Count().ShouldBe(9);
    }

    [Fact]
    public void Distant_pairs_reach_ten_words_and_forget_their_order()
    {
        const string Text = "a b c d e f g h i j k l";

        var far = Features.Of(Text, FeatureView.DistantWords).Except(Features.Of(Text, FeatureView.Words)).ToList();

        far.Select(found => found.Second - found.First).Distinct().Order().ShouldBe(Enumerable.Range(3, 8));
        far.Count.ShouldBe(9 + 8 + 7 + 6 + 5 + 4 + 3 + 2);
        Distant("vpn is quite down").ShouldBe(Distant("down is not at all vpn"));
        Distant("vpn is quite down").ShouldNotBe(Distant("vpn is quite up"));
        Features.Of("vpn a b vpn", FeatureView.DistantWords).ShouldNotContain(found => found.First == 0 && found.Second == 3, "a word is no pair with itself");

        static uint Distant(string text) => Features.Of(text, FeatureView.DistantWords).MaxBy(found => found.Second - found.First).Hash;
    }

    [Fact]
    public void A_pair_knows_its_order_and_its_gap()
    {
        var forth = Pair("jams printer", 0, 1);

        Pair("well jams printer", 1, 2).ShouldBe(forth);
        Pair("printer jams", 0, 1).ShouldNotBe(forth);
        Pair("jams the printer", 0, 2).ShouldNotBe(forth);
        Pair("jams a printer", 0, 2).ShouldBe(Pair("jams the printer", 0, 2));
    }

    [Fact]
    public void Character_n_grams_of_three_to_five_include_the_word_boundaries()
    {
        // ^cat$: ^ca ^cat ^cat$ cat cat$ at$
        var cat = Features.Of("cat", FeatureView.Characters).Select(found => found.Hash).ToHashSet();
        var cats = Features.Of("cats", FeatureView.Characters).Select(found => found.Hash).ToHashSet();
        var scat = Features.Of("scat", FeatureView.Characters).Select(found => found.Hash).ToHashSet();

        cat.Count.ShouldBe(6);
        cats.Count.ShouldBe(9);
        cats.Intersect(cat).Count().ShouldBe(3, "^ca, ^cat and cat");
        scat.Intersect(cat).Count().ShouldBe(3, "cat, cat$ and at$");
    }

    [Fact]
    public void Character_n_grams_stay_within_a_word_and_name_it()
    {
        var both = Features.Of("cat dog", FeatureView.Characters);

        both.Where(found => found.First == 0).Select(found => found.Hash).ShouldBe(Features.Of("cat", FeatureView.Characters).Select(found => found.Hash));
        both.Where(found => found.First == 1).Select(found => found.Hash).ShouldBe(Features.Of("dog", FeatureView.Characters).Select(found => found.Hash));
        both.ShouldAllBe(found => found.First == found.Second);
    }

    [Fact]
    public void What_is_too_long_for_a_word_gives_no_more_n_grams_than_its_beginning()
    {
        var beginning = string.Concat(Enumerable.Range(0, FeatureWalk.LongestWord).Select(i => (char)('a' + (i % 23))));

        Features.Of(beginning + new string('z', 10_000), FeatureView.Characters).ShouldBe(Features.Of(beginning, FeatureView.Characters));
    }

    [Fact]
    public void The_same_words_always_have_the_same_features()
    {
        foreach (var view in Enum.GetValues<FeatureView>())
        {
            var text = SampleTickets.All[0].Text;
            Features.Of(text.ToUpperInvariant() + "!!", view).ShouldBe(Features.Of(text, view));
        }

        // Models on disk hold hashes: a changed hash would make them blind.
        Features.Of("vpn down", FeatureView.Words).Select(found => found.Hash).ShouldBe([WordVpn, WordDown, PairVpnDown]);
        Features.Of("a", FeatureView.Characters).Select(found => found.Hash).ShouldBe([GramA]);
    }

    [Fact]
    public void Any_text_has_features_that_name_its_words()
    {
        HostileText.Check(text =>
        {
            var words = NormalizedText.Of(text).Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
            var found = Features.Of(text, FeatureView.Words);
            found.Count.ShouldBe(words + Math.Max(0, words - 1) + Math.Max(0, words - 2));
            foreach (var feature in found.Concat(Features.Of(text, FeatureView.Characters)))
            {
                feature.First.ShouldBeInRange(0, feature.Second);
                feature.Second.ShouldBeInRange(feature.First, words - 1);
            }
        });
    }

    [Fact]
    public void Counting_gives_the_distinct_features_in_the_order_in_which_they_came() =>
        Check.One(Throwing, Prop.ForAll(Hashes(0, 20), hashes =>
        {
            var counter = new FeatureCounter();

            var positions = hashes.Select(counter.Add).ToArray();

            int[] expected = [.. hashes.Distinct().Select(hash => hashes.Count(other => other == hash))];
            counter.Hashes.ToArray().ShouldBe(hashes.Distinct());
            counter.Counts.ToArray().ShouldBe(expected);
            positions.ShouldBe(hashes.Select(hash => Array.IndexOf([.. hashes.Distinct()], hash)));
            ((double)counter.Scale).ShouldBe(hashes.Length == 0 ? 0 : 1 / Math.Sqrt(expected.Sum(count => count * count)), 1e-6);
        }));

    [Fact]
    public void A_counter_grows_with_the_longest_text_and_forgets_it()
    {
        var counter = new FeatureCounter();
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 20_000; i++)
            {
                counter.Add((uint)i % 10_000 * 2654435761u).ShouldBe(i % 10_000);
            }

            counter.Distinct.ShouldBe(10_000);
            counter.Counts.ToArray().ShouldAllBe(count => count == 2);
            counter.Clear();
            counter.Distinct.ShouldBe(0);
            counter.Add(7).ShouldBe(0);
            counter.Counts.ToArray().ShouldBe([1]);
            counter.Clear();
        }
    }

    [Fact]
    public void Frequent_features_are_those_in_enough_texts()
    {
        var texts = Hashes(0, 30).Generator.ArrayOf().ToArbitrary();
        Check.One(Throwing, Prop.ForAll(texts, Gen.Choose(1, 4).ToArbitrary(), (all, least) =>
        {
            var features = all.Select(hashes => new CountedText([.. hashes.Distinct()], new ushort[hashes.Distinct().Count()], 1)).ToArray();
            var expected = all.SelectMany(hashes => hashes.Distinct()).CountBy(hash => hash)
                .Where(pair => pair.Value >= least).OrderBy(pair => pair.Key).ToArray();

            var (frequent, occurring) = FrequentFeatures.Of(features, [.. Enumerable.Repeat(1, features.Length)], least, TwoThreads);

            frequent.ShouldBe(expected.Select(pair => pair.Key));
            occurring.ShouldBe(expected.Select(pair => pair.Value));
        }));
    }

    [Fact]
    public void A_table_finds_every_key_and_no_other() =>
        Check.One(Throwing.WithEndSize(2000), Prop.ForAll(Hashes(0, 1000), Hashes(0, 1000), (some, others) =>
        {
            var keys = some.Distinct().ToArray();
            var table = new FeatureTable(keys);
            for (var row = 0; row < keys.Length; row++)
            {
                table.Find(keys[row]).ShouldBe(row);
            }

            foreach (var other in others.Except(keys))
            {
                table.Find(other).ShouldBe(-1);
            }
        }));

    [Fact]
    public void A_table_bears_keys_that_all_want_the_same_place()
    {
        // The last slot of all: probing wraps around.
        var keys = Enumerable.Range(0, 1000).Select(i => uint.MaxValue - (uint)i).ToArray();
        var table = new FeatureTable(keys);

        keys.Select(table.Find).ShouldBe(Enumerable.Range(0, 1000));
        table.Find(uint.MaxValue - 1000).ShouldBe(-1);
        table.Find(0).ShouldBe(-1);
        new FeatureTable([]).Find(0).ShouldBe(-1);
        new FeatureTable([0]).Find(0).ShouldBe(0);
    }

    [Fact]
    public void A_matrix_has_the_values_of_a_naive_count_on_any_number_of_threads()
    {
        string[] texts = [.. SampleTickets.All.Select(ticket => ticket.Text), "printer printer the PRINTER", "", "unheardof"];
        foreach (var view in Enum.GetValues<FeatureView>())
        {
            var matrix = Features.Matrix(texts, view, 2);
            var parallel = Features.Matrix(texts, view, 2, threads: 8);

            parallel.Features.ShouldBe(matrix.Features);
            parallel.Occurring.ShouldBe(matrix.Occurring);
            matrix.Features.ShouldBeUnique();
            matrix.Occurring.ShouldBe(matrix.Occurring.OrderDescending());
            matrix.Occurring.ShouldAllBe(count => count >= 2);
            for (var text = 0; text < texts.Length; text += 3)
            {
                var expected = Naive(texts[text], view);
                var values = Values(matrix, text);
                values.ShouldBe(Values(parallel, text));
                for (var column = 0; column < values.Length; column++)
                {
                    ((double)values[column]).ShouldBe(expected.GetValueOrDefault(matrix.Features[column]), 1e-5);
                }
            }
        }
    }

    [Fact]
    public void A_text_moves_the_weights_of_its_features_by_their_values_and_step_sizes()
    {
        string[] texts = [.. SampleTickets.All.Select(ticket => ticket.Text)];
        foreach (var view in Enum.GetValues<FeatureView>())
        {
            var matrix = Features.Matrix(texts, view, 2);
            var values = Values(matrix, 7);
            var weights = new float[matrix.Features.Length * 2 * ClassBlock.Size];

            matrix.Add(weights, Vector256.Create(2f), Vector256.Create(-3f), 7);

            for (var column = 0; column < values.Length; column++)
            {
                var rarity = matrix is CharacterMatrix characters ? characters.Rarity[column] : 1;
                weights[column * 2 * ClassBlock.Size].ShouldBe(2 * values[column] * rarity * rarity, 1e-5f);
                weights[(column * 2 * ClassBlock.Size) + ClassBlock.Size + 7].ShouldBe(-3 * values[column] * rarity * rarity, 1e-5f);
            }
        }
    }

    [Fact]
    public void A_feature_in_too_few_texts_has_no_column()
    {
        string[] texts = ["printer jams", "printer beeps", "printer jams"];

        Features.Matrix(texts, FeatureView.Words, 1).Features.Length.ShouldBe(5);
        Features.Matrix(texts, FeatureView.Words, 2).Features.Length.ShouldBe(3);
        Features.Matrix(texts, FeatureView.Words, 3).Features
            .ShouldBe([Features.Of("printer", FeatureView.Words)[0].Hash]);
    }

    [Fact]
    public void A_vocabulary_numbers_every_word_once_whatever_the_number_of_threads()
    {
        string[] texts = [.. SampleTickets.All.Select(ticket => ticket.Text), "", "The printer; THE printer"];

        var vocabulary = WordVocabulary.Of(texts, TwoThreads);
        var alone = WordVocabulary.Of(texts, new ParallelOptions { MaxDegreeOfParallelism = 1 });

        vocabulary.Words.ShouldBe(alone.Words);
        vocabulary.Words.ShouldBeUnique();
        for (var text = 0; text < texts.Length; text++)
        {
            vocabulary.Texts[text].ShouldBe(alone.Texts[text]);
            string.Join(' ', vocabulary.Texts[text].Select(word => vocabulary.Words[word])).ShouldBe(NormalizedText.Of(texts[text]));
        }

        var occurring = vocabulary.Occurring();
        for (var word = 0; word < occurring.Length; word++)
        {
            occurring[word].ShouldBe(vocabulary.Texts.Count(text => text.Contains(word)));
        }
    }

    [Fact]
    public void A_text_is_the_less_familiar_the_more_of_its_words_are_unknown()
    {
        Familiarity.Of(0, 5).ShouldBe(1);
        Familiarity.Of(1, 5).ShouldBeInRange(0.5f, 0.95f);
        Familiarity.Of(5, 5).ShouldBeLessThan(Familiarity.Of(4, 5));
        Familiarity.Of(0, 0).ShouldBe(Familiarity.Of(5, 5), "of a text without words nothing is known");
    }

    [Fact]
    public void Out_of_fold_a_word_is_unknown_that_only_the_texts_own_fold_has()
    {
        // Two texts of fold 0, one of fold 1, and a label's name that is in no fold.
        var vocabulary = WordVocabulary.Of(["own own shared label", "own", "shared other", "label"], TwoThreads);

        Familiarity.OutOfFold(vocabulary, [0, 0, 1, Folds.None]).ShouldBe(
            [Familiarity.Of(2, 4), Familiarity.Of(1, 1), Familiarity.Of(1, 2), Familiarity.Of(0, 1)]);
    }

    [Fact]
    public void A_rare_n_gram_counts_for_more_than_a_common_one()
    {
        int[] occurring = [8, 2, 1];

        var rarity = FeatureRarity.Of(occurring, texts: 8);

        rarity[0].ShouldBe(0);
        ((double)rarity[1]).ShouldBe(Math.Log(4) / (Math.Log(8) / 2), 1e-6);
        ((double)rarity[2]).ShouldBe(2, 1e-6);
    }

    [Fact]
    public void Copies_of_a_text_are_in_the_same_fold_and_folds_are_alike_in_size()
    {
        string[] texts = [.. Enumerable.Range(0, 1000).SelectMany(i => new[] { $"ticket no {i}", $"TICKET (no) {i}!" }), "a label", "another"];

        var folds = Folds.Of(Folds.Hashes(texts, TwoThreads), 4, asked: 2000);

        for (var i = 0; i < 2000; i += 2)
        {
            folds[i].ShouldBe(folds[i + 1]);
        }

        folds[2000..].ShouldBe([Folds.None, Folds.None]);
        folds[..2000].CountBy(fold => fold).Select(pair => pair.Value).ShouldAllBe(size => size > 400 && size < 600);
        folds[..2000].Distinct().Order().ShouldBe([0, 1, 2, 3]);
    }

    private static uint Pair(string text, int first, int second) =>
        Features.Of(text, FeatureView.Words).Single(found => found.First == first && found.Second == second).Hash;

    // What a matrix makes of a weight of 1 in one column after the other.
    private static float[] Values(FeatureMatrix matrix, int text)
    {
        var weights = new float[matrix.Features.Length * ClassBlock.Size];
        var values = new float[matrix.Features.Length];
        for (var column = 0; column < values.Length; column++)
        {
            weights[column * ClassBlock.Size] = 1;
            values[column] = matrix.Score(weights, ClassBlock.Size, Vector256<float>.Zero, text)[0];
            weights[column * ClassBlock.Size] = 0;
        }

        return values;
    }

    // By the definitions: words count as often as they occur; in the characters' view a text is a sum over its distinct words.
    private static Dictionary<uint, double> Naive(string text, FeatureView view)
    {
        var values = new Dictionary<uint, double>();
        var squares = 0.0;
        if (view == FeatureView.Characters)
        {
            foreach (var (word, count) in NormalizedText.Of(text).Split(' ', StringSplitOptions.RemoveEmptyEntries).CountBy(word => word))
            {
                foreach (var found in Features.Of(word, view))
                {
                    values[found.Hash] = values.GetValueOrDefault(found.Hash) + Math.Log2(1 + count);
                    squares += Math.Log2(1 + count) * Math.Log2(1 + count);
                }
            }
        }
        else
        {
            foreach (var found in Features.Of(text, view))
            {
                values[found.Hash] = values.GetValueOrDefault(found.Hash) + 1;
            }

            squares = values.Values.Sum(value => value * value);
        }

        return values.ToDictionary(pair => pair.Key, pair => pair.Value / Math.Sqrt(squares));
    }

    // Few different small ones, so that some repeat; the borders of the slices; and any.
    private static Arbitrary<uint[]> Hashes(int least, int most) => Gen.Frequency(
            (3, Gen.Choose(least, most).Select(i => (uint)i)),
            (1, Gen.Choose(0, 63).SelectMany(slice => Gen.Choose(-1, 1), (slice, offset) => unchecked((uint)((slice << 26) + offset)))),
            (1, Gen.Elements(0u, uint.MaxValue, uint.MaxValue - 1, 1u << 31)),
            (3, Gen.Choose(int.MinValue, int.MaxValue).Select(i => unchecked((uint)i))))
        .ArrayOf().ToArbitrary();
}
