using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using TicketAspire.Classifier.Features;
using TicketAspire.Classifier.Learning;
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

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

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
        var beginning = string.Concat(Enumerable.Range(0, 40).Select(i => (char)('a' + (i % 23))));

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
            var words = TicketAspire.Classifier.Text.NormalizedText.Of(text).Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
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
    public void Counting_gives_the_distinct_features_in_order_with_how_often_they_occur() =>
        Check.One(Throwing, Prop.ForAll(Hashes(0, 20), hashes => Counted(hashes).ShouldBe(Naive(hashes))));

    [Fact]
    public void Counting_starts_anew_for_every_text_and_saturates()
    {
        var counts = new FeatureCounts();
        for (var i = 0; i < 70_000; i++)
        {
            counts.Take(FeatureView.Words, 7, 0, 0);
        }

        var many = counts.Take();
        counts.Take(FeatureView.Words, 8, 0, 0);
        var one = counts.Take();

        many.Counts.ShouldBe([ushort.MaxValue]);
        one.Hashes.ShouldBe([8u]);
        one.Counts.ShouldBe([(ushort)1]);
    }

    [Fact]
    public void Frequent_features_are_those_in_enough_texts()
    {
        var texts = Hashes(0, 30).Generator.ArrayOf().ToArbitrary();
        Check.One(Throwing, Prop.ForAll(texts, Gen.Choose(1, 4).ToArbitrary(), (all, least) =>
        {
            var features = all.Select(hashes => new TextFeatures([.. hashes.Distinct().Order()], new ushort[hashes.Distinct().Count()])).ToArray();
            var expected = all.SelectMany(hashes => hashes.Distinct()).GroupBy(hash => hash)
                .Where(group => group.Count() >= least).Select(group => group.Key).Order();

            FrequentFeatures.Of(features, least).ShouldBe(expected);
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
    public void A_matrix_has_a_row_of_unit_length_for_each_text_on_any_number_of_threads()
    {
        string[] texts = [.. SampleTickets.All.Select(ticket => ticket.Text), "", "unheardof"];
        foreach (var view in Enum.GetValues<FeatureView>())
        {
            var matrix = FeatureMatrix.Build(texts, view, 2, 1, Cancellation);
            var parallel = FeatureMatrix.Build(texts, view, 2, 8, Cancellation);

            parallel.Features.ShouldBe(matrix.Features);
            parallel.Values.SelectMany(row => row).ShouldBe(matrix.Values.SelectMany(row => row));
            matrix.Features.ShouldBe(matrix.Features.Distinct().Order());
            matrix.Columns[^2].ShouldBeEmpty();
            for (var text = 0; text < SampleTickets.All.Count; text++)
            {
                matrix.Columns[text].ShouldBeUnique();
                matrix.Columns[text].Select(column => matrix.Features[column]).ShouldBeSubsetOf(
                    Features.Of(texts[text], view).Select(found => found.Hash));
                var counts = Features.Of(texts[text], view).GroupBy(found => found.Hash).ToDictionary(group => group.Key, group => group.Count());
                var known = counts.Where(count => matrix.Features.Contains(count.Key)).Sum(count => Math.Pow(FeatureValue.Of(view, count.Value), 2));
                var unknown = counts.Where(count => !matrix.Features.Contains(count.Key)).Sum(count => count.Value * Math.Pow(FeatureValue.Of(view, 1), 2));
                matrix.Columns[text].Zip(matrix.Values[text], (column, value) => Math.Pow(value / matrix.Rarity[column], 2)).Sum()
                    .ShouldBe(known / (known + unknown), 1e-4);
            }
        }
    }

    [Fact]
    public void A_feature_in_too_few_texts_has_no_column()
    {
        string[] texts = ["printer jams", "printer beeps", "printer jams"];

        FeatureMatrix.Build(texts, FeatureView.Words, 1, 1, Cancellation).Features.Length.ShouldBe(5);
        FeatureMatrix.Build(texts, FeatureView.Words, 2, 1, Cancellation).Features.Length.ShouldBe(3);
        FeatureMatrix.Build(texts, FeatureView.Words, 3, 1, Cancellation).Features
            .ShouldBe([Features.Of("printer", FeatureView.Words)[0].Hash]);
    }

    [Fact]
    public void A_rare_n_gram_counts_for_more_than_a_common_one()
    {
        int[] occurring = [8, 2, 1];

        var rarity = FeatureRarity.Of(FeatureView.Characters, occurring, texts: 8);

        rarity[0].ShouldBe(0);
        ((double)rarity[1]).ShouldBe(Math.Log(4) / (Math.Log(8) / 2), 1e-6);
        ((double)rarity[2]).ShouldBe(2, 1e-6);
        FeatureRarity.Of(FeatureView.Words, occurring, texts: 8).ShouldBe([1f, 1f, 1f]);
    }

    [Fact]
    public void Copies_of_a_text_are_in_the_same_fold_and_folds_are_alike_in_size()
    {
        string[] texts = [.. Enumerable.Range(0, 1000).SelectMany(i => new[] { $"ticket no {i}", $"TICKET (no) {i}!" })];

        var folds = Folds.Of(texts, 4);

        for (var i = 0; i < texts.Length; i += 2)
        {
            folds[i].ShouldBe(folds[i + 1]);
        }

        folds.CountBy(fold => fold).Select(pair => pair.Value).ShouldAllBe(size => size > 400 && size < 600);
        folds.Distinct().Order().ShouldBe([0, 1, 2, 3]);
    }

    private static uint Pair(string text, int first, int second) =>
        Features.Of(text, FeatureView.Words).Single(found => found.First == first && found.Second == second).Hash;

    private static (uint, ushort)[] Counted(uint[] hashes)
    {
        var counts = new FeatureCounts();
        foreach (var hash in hashes)
        {
            counts.Take(FeatureView.Words, hash, 0, 0);
        }

        var features = counts.Take();
        return [.. features.Hashes.Zip(features.Counts)];
    }

    private static (uint, ushort)[] Naive(uint[] hashes) =>
        [.. hashes.GroupBy(hash => hash).OrderBy(group => group.Key).Select(group => (group.Key, (ushort)group.Count()))];

    // Few different small ones, so that some repeat; the borders of the slices; and any.
    private static Arbitrary<uint[]> Hashes(int least, int most) => Gen.Frequency(
            (3, Gen.Choose(least, most).Select(i => (uint)i)),
            (1, Gen.Choose(0, 63).SelectMany(slice => Gen.Choose(-1, 1), (slice, offset) => unchecked((uint)((slice << 26) + offset)))),
            (1, Gen.Elements(0u, uint.MaxValue, uint.MaxValue - 1, 1u << 31)),
            (3, Gen.Choose(int.MinValue, int.MaxValue).Select(i => unchecked((uint)i))))
        .ArrayOf().ToArbitrary();
}
