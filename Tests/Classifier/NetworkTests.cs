using Shouldly;
using TicketAspire.Classifier;
using TicketAspire.Classifier.Evaluation;
using TicketAspire.Classifier.Features;
using TicketAspire.Classifier.Learning.Network;
using Xunit;

namespace TicketAspire.Tests.Classifier;

/// <summary>The network's layers, each against its definition, and what it can learn that a linear model cannot.</summary>
public sealed class NetworkTests
{
    private const int Words = 20;

    [Theory]
    [InlineData(new int[0])]
    [InlineData(new[] { 3 })]
    [InlineData(new[] { 3, 7 })]
    [InlineData(new[] { 3, ConvolutionLayer.NoWord, 7, 7, 0 })]
    [InlineData(new[] { ConvolutionLayer.NoWord, ConvolutionLayer.NoWord, 19, 1, 2, 3, 4, 5 })]
    public void A_filter_gives_its_strongest_answer_over_all_places(int[] words)
    {
        var layer = new ConvolutionLayer(Words, new Random(5));
        var strongest = new float[NetworkShape.Filters];
        var places = new int[NetworkShape.Filters];

        layer.Forward(words, strongest, places);

        for (var filter = 0; filter < NetworkShape.Filters; filter++)
        {
            var answers = words.Select((_, place) => Answer(layer, words, place, filter)).ToArray();
            var best = Math.Max(0, answers.DefaultIfEmpty(0).Max());
            ((double)strongest[filter]).ShouldBe(best, 1e-5);
            places[filter].ShouldBe(best > 0 ? Array.IndexOf(answers, answers.Max()) : -1);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void A_filter_moves_against_the_gradient_of_its_answer(float gradient)
    {
        int[] words = [4, 5, 6, 7];
        var layer = new ConvolutionLayer(Words, new Random(6));
        var before = new float[NetworkShape.Filters];
        var places = new int[NetworkShape.Filters];
        layer.Forward(words, before, places);
        var filter = Array.FindIndex(places, place => place >= 0);
        var untouched = layer.Embeddings[..(4 * NetworkShape.Embedding)];
        var gradients = new float[NetworkShape.Filters];
        gradients[filter] = gradient;

        layer.Learn(words, places, gradients, 0.01f);

        ((Answer(layer, words, places[filter], filter) - before[filter]) * gradient).ShouldBeLessThan(0);
        layer.Embeddings[..(4 * NetworkShape.Embedding)].ShouldBe(untouched, "words that are not in the text stay as they are");
    }

    [Fact]
    public void Without_a_gradient_filters_and_words_stay_as_they_are()
    {
        int[] words = [1, 2, 3];
        var layer = new ConvolutionLayer(Words, new Random(7));
        var (embeddings, filters) = (layer.Embeddings.ToArray(), layer.Transposed.ToArray());
        var places = new int[NetworkShape.Filters];
        layer.Forward(words, new float[NetworkShape.Filters], places);

        layer.Learn(words, places, new float[NetworkShape.Filters], 0.1f);

        layer.Embeddings.ShouldBe(embeddings);
        layer.Transposed.ShouldBe(filters);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(64)]
    [InlineData(72)]
    public void Hidden_units_add_up_the_rows_of_the_features_and_cut_off_the_negative(int units)
    {
        var layer = new HiddenLayer(10, units, new Random(8));
        int[] features = [2, 9, 2, 0];
        float[] values = [1, -0.5f, 0.25f, 2];
        var sums = new float[units];

        layer.Forward(features, values, sums);

        for (var unit = 0; unit < units; unit++)
        {
            var expected = features.Zip(values, (feature, value) => layer.Weights[(feature * units) + unit] * value).Sum();
            ((double)sums[unit]).ShouldBe(Math.Max(0, expected), 1e-5);
        }

        sums.ShouldContain(0f);
    }

    [Fact]
    public void Hidden_units_move_against_their_gradient_and_rows_of_other_features_stay()
    {
        var layer = new HiddenLayer(3, 8, new Random(9));
        var other = layer.Weights[8..16];
        var before = new float[8];
        layer.Forward([0, 2], [1, 1], before);
        float[] gradient = [.. before.Select(unit => unit > 0 ? 1f : 0)];

        layer.Learn([0, 2], [1, 1], gradient, 0.01f);

        var after = new float[8];
        layer.Forward([0, 2], [1, 1], after);
        layer.Weights[8..16].ShouldBe(other);
        for (var unit = 0; unit < 8; unit++)
        {
            (after[unit] < before[unit]).ShouldBe(before[unit] > 0);
        }
    }

    [Fact]
    public void The_output_is_linear_and_tells_each_unit_its_part_of_the_error()
    {
        var layer = new OutputLayer(new NetworkShape(Words, 10, 8, Classes: 3), new Random(10));
        var units = new float[NetworkShape.Filters + 8];
        (units[1], units[70]) = (2, 0.5f);
        var scores = new float[layer.Stride];
        float[] error = [0.5f, -0.75f, 0.25f, 0, 0, 0, 0, 0];
        var gradient = new float[units.Length];
        var weights = layer.Weights.ToArray();

        layer.Forward(units, scores);
        layer.Learn(units, error, 0.01f, gradient);

        for (var k = 0; k < 3; k++)
        {
            scores[k].ShouldBe((2 * weights[layer.Stride + k]) + (0.5f * weights[(70 * layer.Stride) + k]), 1e-5f);
            (layer.Weights[layer.Stride + k] < weights[layer.Stride + k]).ShouldBe(error[k] > 0);
        }

        gradient[1].ShouldBe(Enumerable.Range(0, 3).Sum(k => error[k] * weights[layer.Stride + k]), 1e-5f);
        gradient.Where((_, unit) => unit is not 1 and not 70).ShouldAllBe(part => part == 0);
        scores[3..].ShouldAllBe(score => score == 0, "what fills a row up stands for no class");
    }

    [Fact]
    public void Random_bits_come_as_often_as_asked_and_again_with_the_same_seed()
    {
        var (one, again, other) = (new SeededBits(3), new SeededBits(3), new SeededBits(4));
        var chance = SeededBits.Chance(0.3);
        var (happened, different) = (0, 0);
        for (var i = 0; i < 20_000; i++)
        {
            var bits = one.Happen(chance);
            again.Happen(chance).ShouldBe(bits);
            happened += System.Numerics.BitOperations.PopCount(bits);
            different += other.Happen(chance) == bits ? 0 : 1;
        }

        (happened / 160_000.0).ShouldBe(0.3, 0.01);
        different.ShouldBeGreaterThan(15_000);
        one.Happen(SeededBits.Chance(0)).ShouldBe(0u);
    }

    [Fact]
    public void A_texts_features_are_those_of_both_views_and_dropout_spares_the_rest()
    {
        string[] texts = [.. SampleTickets.All.Select(ticket => ticket.Text)];
        var inputs = Inputs(texts, out var words, out var characters);
        var features = new TextFeatures(inputs);

        features.Take(5);

        var sums = new double[inputs.Shape.Features];
        foreach (var (number, value) in features.Numbers.ToArray().Zip(features.Values.ToArray()))
        {
            sums[number] += value;
        }

        for (var i = 0; i < inputs.Columns[0].Length; i++)
        {
            var at = Array.IndexOf(words.Columns[5], inputs.Columns[0][i]);
            sums[i].ShouldBe(at < 0 ? 0 : words.Values[5][at], 1e-6);
        }

        foreach (var (column, i) in inputs.Columns[1].Select((column, i) => (column, i)))
        {
            var expected = characters.Texts[5].Sum(word => word.Value * characters.Columns(word.Word).ToArray().Count(found => found == column));
            sums[inputs.Columns[0].Length + i].ShouldBe(expected * characters.Rarity[column], 1e-5);
        }

        var all = features.Numbers.ToArray().Zip(features.Values.ToArray()).ToList();
        var bits = new SeededBits(1);
        features.Drop(0.5, ref bits);
        features.Numbers.Length.ShouldBeInRange(all.Count / 4, all.Count * 3 / 4);
        features.Numbers.ToArray().Zip(features.Values.ToArray(), (number, value) => (number, value / 2)).ShouldBeSubsetOf(all);
    }

    [Fact]
    public void What_two_distant_words_mean_together_is_learned_by_the_network_and_not_by_a_linear_model()
    {
        var random = new Random(12);
        var (train, test) = (Together(random, 1200), Together(random, 300));

        Accuracy(TrainingLevel.Quick).ShouldBeLessThan(0.7);
        Accuracy(TrainingLevel.Thorough).ShouldBeGreaterThan(0.9);

        double Accuracy(TrainingLevel level) => EvaluationReport.Of(EvaluationReport.Judge(
            Trainer.Train(train, new TrainingSettings { Level = level }, cancellation: TestContext.Current.CancellationToken).Model, test)).Accuracy;
    }

    // "red" and "high", or "blue" and "low", further apart than any pair: one label; the other two combinations: another.
    private static LabelledText[] Together(Random random, int count) =>
    [
        .. Enumerable.Range(0, count).Select(_ =>
        {
            var (colour, level) = (random.Next(2), random.Next(2));
            var filling = string.Join(' ', Enumerable.Range(0, 12).Select(_ => $"filler{random.Next(30)}"));
            return new LabelledText($"{(colour == 0 ? "red" : "blue")} {filling} {(level == 0 ? "high" : "low")}", colour == level ? "x" : "y");
        }),
    ];

    private static NetworkInputs Inputs(string[] texts, out WordMatrix words, out CharacterMatrix characters)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = 2 };
        var vocabulary = WordVocabulary.Of(texts, parallel);
        words = WordMatrix.Build(vocabulary, FeatureView.DistantWords, 1, parallel);
        characters = CharacterMatrix.Build(vocabulary, 1, parallel);
        return NetworkInputs.Of(vocabulary, words, characters, classes: 4, leastFeature: 2, leastWord: 1, parallel);
    }

    private static double Answer(ConvolutionLayer layer, int[] words, int place, int filter)
    {
        double sum = layer.Biases[filter];
        for (var offset = 0; offset < NetworkShape.Width; offset++)
        {
            var at = place + offset - (NetworkShape.Width / 2);
            for (var i = 0; at >= 0 && at < words.Length && words[at] != ConvolutionLayer.NoWord && i < NetworkShape.Embedding; i++)
            {
                sum += layer.Embeddings[(words[at] * NetworkShape.Embedding) + i]
                    * layer.Transposed[(((offset * NetworkShape.Embedding) + i) * NetworkShape.Filters) + filter];
            }
        }

        return sum;
    }
}
