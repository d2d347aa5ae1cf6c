using Shouldly;
using TicketAspire.Classifier;
using TicketAspire.Classifier.Features;
using TicketAspire.Classifier.Model;
using TicketAspire.Classifier.Text;
using Xunit;

namespace TicketAspire.Tests.Classifier;

/// <summary>What a model says of a text, and why.</summary>
public sealed class TextClassifierTests(SampleModel sample) : IClassFixture<SampleModel>
{
    [Fact]
    public void Confidences_add_up_to_one_and_the_answer_is_the_surest()
    {
        var confidences = new double[sample.Model.Labels.Count];
        foreach (var ticket in SampleTickets.All.Concat(SampleTickets.Unseen))
        {
            var best = sample.Model.Predict(ticket.Text, confidences);

            confidences.Sum().ShouldBe(1, 1e-9);
            confidences.ShouldAllBe(confidence => confidence >= 0);
            confidences[best].ShouldBe(confidences.Max());
            sample.Model.Predict(ticket.Text).ShouldBe(new Prediction(sample.Model.Labels[best], confidences[best]));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(5)]
    public void A_span_that_is_not_as_long_as_the_labels_is_refused(int length)
    {
        Should.Throw<ArgumentException>(() => sample.Model.Predict("printer", new double[length])).ParamName.ShouldBe("confidences");
    }

    [Fact]
    public void A_score_is_the_bias_and_the_weights_of_known_words_over_the_length_of_the_text()
    {
        var model = SampleModel.ByHand([-0.5f, 0.5f], ("good", -2, 2), ("bad", 2, -2));

        var strange = Familiarity.Of(1, 1);

        model.Score("nothing known").ShouldBe([-0.5f * strange, 0.5f * strange], 1e-5);
        model.Score("Good!").ShouldBe([-2.5f, 2.5f], 1e-5);
        // Three times the known word, beside twice an unknown pair and an unknown pair with a gap.
        model.Score("good good good")[1].ShouldBe(0.5f + (3 * 2 / MathF.Sqrt(9 + 4 + 1)), 1e-5f);
        model.Score("good and bad")[1].ShouldBe(0.5f * Familiarity.Of(1, 3), 1e-5f);
        // Counts 2 and 1, and three unknown pairs: the difference of the two parts is left.
        model.Score("good good bad")[1].ShouldBe(0.5f + (2 / MathF.Sqrt(4 + 1 + 3)), 1e-5f);
        model.Predict("good").Confidence.ShouldBe(1 / (1 + Math.Exp(-5)), 1e-5);
    }

    [Fact]
    public void Unknown_words_dilute_what_is_known()
    {
        const string Known = "my printer prints nothing";
        var alone = sample.Model.Predict(Known);

        var among = sample.Model.Predict(Known + " qwxz vkjh zzqp wvut kjqx hhzz");

        among.Label.ShouldBe(alone.Label);
        among.Confidence.ShouldBeLessThan(alone.Confidence);
    }

    [Fact]
    public void A_text_without_a_known_word_gets_what_the_bias_says()
    {
        foreach (var text in new[] { "", "...", "\uD83D", "qqqqqq" })
        {
            sample.Linear.Score(text).ShouldBe(sample.Linear.Biases.Select(bias => bias * Familiarity.Of(1, 1)), 1e-6);
        }

        // The network has biases in its units as well, and they are the same for all texts in which it knows nothing.
        sample.Model.Score("qqqqqq").ShouldBe(sample.Model.Score("vvvvvv zzzzzz"));
    }

    [Fact]
    public void What_is_remembered_of_words_never_changes_an_answer()
    {
        // More words than there are places, so that they drive each other out; asked twice, in both orders.
        var words = Enumerable.Range(0, 20_000).Select(i => $"{SampleTickets.All[i % SampleTickets.All.Count].Text.Split(' ')[0]}{i}x{i * 31 % 977}").ToArray();
        var fresh = ModelFile.Read(ModelFile.Write(sample.Model));

        var expected = words.Select(word => sample.Model.Score(word)).ToArray();

        for (var i = words.Length - 1; i >= 0; i--)
        {
            fresh.Score(words[i]).ShouldBe(expected[i]);
            sample.Model.Score(words[i]).ShouldBe(expected[i]);
        }
    }

    [Fact]
    public void A_batch_gets_the_answers_that_its_texts_get_alone()
    {
        string[] texts = [.. Enumerable.Range(0, 2000).Select(i => SampleTickets.All[i % SampleTickets.All.Count].Text + $" {i}")];

        foreach (int? threads in new int?[] { null, 1, 7 })
        {
            sample.Model.Predict(texts, threads).ShouldBe(texts.Select(text => sample.Model.Predict(text)));
        }

        sample.Model.Predict(Array.Empty<string>()).Length.ShouldBe(0);
        Should.Throw<ArgumentNullException>(() => sample.Model.Predict((IReadOnlyList<string>)null!));
    }

    [Fact]
    public void Predicting_allocates_nothing_once_warm()
    {
        // Other tests have the sample model remember other words.
        var model = ModelFile.Read(ModelFile.Write(sample.Model));
        var confidences = new double[model.Labels.Count];
        var longest = string.Join(' ', SampleTickets.All.Select(ticket => ticket.Text));
        // Words that share a place have decided by then which of them is remembered.
        for (var pass = 0; pass < 300; pass++)
        {
            PredictAll();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        PredictAll();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        allocated.ShouldBe(0);

        void PredictAll()
        {
            for (var i = 0; i < SampleTickets.All.Count; i++)
            {
                model.Predict(SampleTickets.All[i].Text, confidences);
            }

            model.Predict(longest, confidences);
            model.Predict(longest);
        }
    }

    [Fact]
    public void Many_threads_get_the_same_answers_as_one()
    {
        string[] texts = [.. SampleTickets.All.Select(ticket => ticket.Text), "", string.Concat(Enumerable.Repeat("vpn down ", 2000))];
        var alone = texts.Select(text => sample.Model.Score(text)).ToArray();
        var explained = texts.Select(text => sample.Model.Explain(text, 1).Words).ToArray();
        var differing = 0;

        Parallel.For(0, 4000, new ParallelOptions { MaxDegreeOfParallelism = 16 }, i =>
        {
            var text = i % texts.Length;
            var same = i % 5 == 0
                ? sample.Model.Explain(texts[text], 1).Words.SequenceEqual(explained[text])
                : sample.Model.Score(texts[text]).AsSpan().SequenceEqual(alone[text]);
            if (!same)
            {
                Interlocked.Increment(ref differing);
            }
        });

        differing.ShouldBe(0);
    }

    [Fact]
    public void Models_that_take_turns_on_a_thread_do_not_disturb_each_other()
    {
        var other = SampleModel.ByHand([0, 0], ("printer", 1, -1), ("vpn", -1, 1));
        var text = SampleTickets.All[12].Text;
        var expected = sample.Model.Score(text);

        for (var i = 0; i < 3; i++)
        {
            other.Score("the printer, not the vpn").ShouldBe([0f, 0f], 1e-6);
            other.Predict("vpn").Label.ShouldBe("good");
            sample.Model.Explain(text, 2);
            sample.Model.Score(text).ShouldBe(expected);
        }
    }

    [Fact]
    public void Bias_and_weights_of_an_explanation_add_up_to_the_score()
    {
        foreach (var ticket in SampleTickets.All.Concat(SampleTickets.Unseen))
        {
            ShouldBeExact(sample.Linear, ticket.Text);
            ShouldBeExact(sample.Linear, ticket.Text + " " + ticket.Text);
            ShouldBeExact(sample.Model, ticket.Text + " " + ticket.Text);
            sample.Linear.Explain(ticket.Text, 0).Together.ShouldBe(0);
        }
    }

    [Fact]
    public void The_networks_part_of_a_word_is_what_the_score_loses_without_it()
    {
        // A linear model of the same weights without the network: what it says of a word is the linear part.
        var whole = sample.Model;
        var linear = new TextClassifier(whole.Labels, whole.Biases, [Alone(whole.Words!), Alone(whole.Characters!)]);
        foreach (var ticket in SampleTickets.All.Concat(SampleTickets.Unseen))
        {
            // Each word once: then a text without one is as long as before.
            string[] words = [.. NormalizedText.Of(ticket.Text).Split(' ').Distinct()];
            var text = string.Join(' ', words);
            var network = Network(words);
            for (var label = 0; label < whole.Labels.Count; label++)
            {
                var explained = whole.Explain(text, label).Words.Select(word => word.Weight);
                var shared = linear.Explain(text, label).Words.Select(word => word.Weight);
                var parts = explained.Zip(shared, (both, alone) => (both - alone) / Known(words)).ToArray();
                for (var word = 0; word < words.Length; word++)
                {
                    // All others stay: as many words and n-grams as before, so that the text's length is the same.
                    string[] without = [.. words];
                    without[word] = Unknown(words[word].Length, word);
                    ((double)parts[word]).ShouldBe(network[label] - Network(without)[label], 2e-3, $"{words[word]} in {text}");
                }
            }
        }

        static ViewWeights Alone(ViewWeights view) => new(view.View, view.Features, view.Scores, new ByteRows(0, []));

        // What the network adds to each label's score.
        float[] Network(string[] words)
        {
            var text = string.Join(' ', words);
            return [.. whole.Score(text).Zip(linear.Score(text), (both, alone) => (both - alone) / Known(words))];
        }

        float Known(string[] words) => Familiarity.Of(words.Count(word => whole.Words!.Find(FeatureWalk.Word(FeatureWalk.HashWord(word))) < 0), words.Length);

        // As many n-grams as a word of this length, and none of them known.
        static string Unknown(int length, int word) => string.Concat(Enumerable.Range(0, length).Select(i => (char)('\u0531' + ((word + (i * 7)) % 38))));
    }

    [Fact]
    public void An_explanation_points_at_every_word()
    {
        const string Text = "  L'Imprimante: ＶＰＮ 打印 1234567 cafe\u0301!";

        var words = sample.Model.Explain(Text, 0).Words;

        words.Select(word => Text.Substring(word.Start, word.Length))
            .ShouldBe(["L'Imprimante", "ＶＰＮ", "打", "印", "1234567", "cafe\u0301"]);
    }

    [Fact]
    public void A_pair_counts_half_for_each_of_its_words()
    {
        var pair = Features.Of("very good", FeatureView.Words).Single(found => found.First != found.Second).Hash;
        var model = new TextClassifier(
            ["bad", "good"], [0, 0], [SampleModel.View([pair], [[-3f, 3f]])]);

        // One known feature of nine (four words, three pairs, two with a gap): a third of its weight, halved. No word is known.
        var half = 0.5f * Familiarity.Of(4, 4);
        model.Explain("is very good today", 1).Words.Select(word => word.Weight).ShouldBe([0f, half, half, 0f], 1e-5);
    }

    [Fact]
    public void Without_its_word_for_a_label_a_text_scores_less_for_it()
    {
        var model = SampleModel.ByHand([0.1f, -0.1f], ("works", -3, 3), ("broken", 2, -2));
        var words = model.Explain("it works or is broken", 1).Words;

        words[1].Weight.ShouldBeGreaterThan(0);
        words[4].Weight.ShouldBeLessThan(0);
        words.Where((_, i) => i is not 1 and not 4).ShouldAllBe(word => word.Weight == 0);
        var whole = model.Score("it works or is broken")[1];
        model.Score("it or is broken")[1].ShouldBeLessThan(whole);
        model.Score("it works or is")[1].ShouldBeGreaterThan(whole);
    }

    [Fact]
    public void The_words_that_speak_for_a_category_are_those_a_person_would_name()
    {
        Strongest("Hello, the wifi here is gone", SampleTickets.Network).ShouldBe("wifi");
        Strongest("Hello, my laptop here is gone", SampleTickets.Hardware).ShouldBe("laptop");
        Strongest("Hello, an invoice is gone", SampleTickets.Purchase).ShouldBe("invoice");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    public void A_label_that_there_is_not_cannot_be_explained(int label)
    {
        Should.Throw<ArgumentOutOfRangeException>(() => sample.Model.Explain("printer", label));
    }

    [Fact]
    public void Any_text_gets_an_answer_and_an_exact_explanation_within_it()
    {
        var confidences = new double[sample.Model.Labels.Count];
        HostileText.Check(text =>
        {
            var best = sample.Model.Predict(text, confidences);
            confidences.Sum().ShouldBe(1, 1e-9);
            confidences[best].ShouldBe(confidences.Max());
            var end = 0;
            foreach (var word in sample.Model.Explain(text, best).Words)
            {
                word.Start.ShouldBeGreaterThanOrEqualTo(end);
                end = word.Start + word.Length;
            }

            end.ShouldBeLessThanOrEqualTo(text.Length);
            ShouldBeExact(sample.Linear, text);
            ShouldBeExact(sample.Model, text);
        });
    }

    [Fact]
    public void Any_text_around_tickets_leaves_the_answers_to_them_as_they_were()
    {
        var expected = sample.Model.Score(SampleTickets.All[0].Text);
        HostileText.Check(
            text =>
            {
                sample.Model.Score(text + SampleTickets.All[0].Text);
                sample.Model.Score(SampleTickets.All[0].Text).ShouldBe(expected);
            },
            tests: 100);
    }

    [Fact]
    public void A_text_of_a_million_characters_gets_an_answer()
    {
        var text = string.Concat(Enumerable.Repeat(SampleTickets.Unseen[2].Text + "\n", 30_000));

        sample.Model.Predict(text).Label.ShouldBe(SampleTickets.Unseen[2].Label);
        sample.Model.Predict(new string('x', 1_000_000)).Confidence.ShouldBeInRange(0.25, 1);
    }

    private static void ShouldBeExact(TextClassifier model, string text)
    {
        var scores = model.Score(text);
        for (var label = 0; label < scores.Length; label++)
        {
            var explanation = model.Explain(text, label);
            var sum = explanation.Bias + explanation.Words.Sum(word => (double)word.Weight) + explanation.Together;
            sum.ShouldBe(scores[label], 1e-3 * Math.Max(1, Math.Abs(scores[label])));
        }
    }

    private string Strongest(string text, string label)
    {
        var number = sample.Model.Labels.ToList().IndexOf(label);
        var word = sample.Model.Explain(text, number).Words.MaxBy(word => word.Weight);
        return text.Substring(word.Start, word.Length);
    }
}
