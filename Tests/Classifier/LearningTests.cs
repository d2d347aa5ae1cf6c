using Shouldly;
using TicketAspire.Classifier.Evaluation;
using TicketAspire.Classifier.Features;
using TicketAspire.Classifier.Learning;
using TicketAspire.Classifier.Model;
using Xunit;

namespace TicketAspire.Tests.Classifier;

/// <summary>The parts that learn, each against what it should find.</summary>
public sealed class LearningTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void The_minimiser_finds_the_bottom_of_a_bent_valley()
    {
        // Rosenbrock's function in ten dimensions: its minimum is 0, at 1 in every direction.
        double[] point = [.. Enumerable.Repeat(-1.2, 10)];

        Lbfgs.Minimize(point, Rosenbrock, null, 2000, 0);

        point.ShouldAllBe(x => Math.Abs(x - 1) < 1e-4);
    }

    [Fact]
    public void The_minimiser_finds_the_bottom_of_a_stretched_bowl()
    {
        var point = new double[20];

        Lbfgs.Minimize(point, Bowl, null, 500, 0);

        for (var i = 0; i < point.Length; i++)
        {
            point[i].ShouldBe(i - 5, 1e-5);
        }
    }

    [Fact]
    public void Divided_by_its_curvature_a_stretched_bowl_takes_a_step_or_two()
    {
        var point = new double[20];
        var calls = 0;

        Lbfgs.Minimize(
            point,
            (at, gradient) =>
            {
                calls++;
                return Bowl(at, gradient);
            },
            gradient =>
            {
                for (var i = 0; i < gradient.Length; i++)
                {
                    gradient[i] /= 2 * (i + 1.0) * (i + 1);
                }
            },
            500,
            1e-12);

        calls.ShouldBeLessThan(5);
        point.Select((x, i) => x - (i - 5)).ShouldAllBe(off => Math.Abs(off) < 1e-6);
    }

    [Fact]
    public void The_minimiser_stays_where_it_is_best_and_stops_after_its_steps()
    {
        double[] best = [1, 1, 1];
        double[] start = [-1.2, 1];
        var calls = 0;

        Lbfgs.Minimize(best, Rosenbrock, null, 100, 0);
        Lbfgs.Minimize(
            start,
            (point, gradient) =>
            {
                calls++;
                return Rosenbrock(point, gradient);
            },
            null,
            0,
            0);

        best.ShouldBe([1, 1, 1]);
        start.ShouldBe([-1.2, 1]);
        calls.ShouldBe(1);
    }

    [Fact]
    public void Softmax_gives_probabilities_even_for_huge_scores()
    {
        double[] scores = [1e6, 1e6 + Math.Log(3), -1e6];

        Softmax.InPlace(scores);

        scores[0].ShouldBe(0.25, 1e-9);
        scores[1].ShouldBe(0.75, 1e-9);
        scores[2].ShouldBe(0);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(Stacking.FullMatrixClasses + 6)]
    public void Stacking_makes_confidences_that_are_right_as_often_as_they_say(int classes)
    {
        // The truth is drawn with the probabilities softmax(3 a + b): raw scores are underconfident, and a is worth more.
        var (scores, labels) = Synthetic(6000, classes, new Random(11));
        var (fresh, truth) = Synthetic(6000, classes, new Random(12));

        var stacking = Stacking.Fit(scores, Set(labels, classes), 2, Cancellation);

        var report = EvaluationReport.Of(Judge(stacking, fresh, truth, classes));
        report.CalibrationError.ShouldBeLessThan(0.025);
        Factor(stacking, classes, 0, 1, 1).ShouldBe(3, 0.5);
        Factor(stacking, classes, 1, 1, 1).ShouldBe(1, 0.5);
        Factor(stacking, classes, 0, 0, 1).ShouldBe(0, 0.3);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(Stacking.FullMatrixClasses + 1)]
    public void A_stacked_score_is_its_bias_and_the_factors_of_all_scores(int classes)
    {
        var (scores, labels) = Synthetic(200, classes, new Random(5));
        var stacking = Stacking.Fit(scores, Set(labels, classes), 1, Cancellation);
        var combined = new double[classes];

        stacking.Combine(scores, 7, combined);

        for (var to = 0; to < classes; to++)
        {
            var expected = stacking.Bias(to);
            for (var view = 0; view < 2; view++)
            {
                for (var from = 0; from < classes; from++)
                {
                    expected += Factor(stacking, classes, view, to, from) * scores.Views[view][(7 * classes) + from];
                }
            }

            combined[to].ShouldBe(expected, 1e-5);
        }

        var doubted = new double[classes];
        stacking.Combine(scores with { Familiarity = [.. labels.Select(_ => 0.5f)] }, 7, doubted);
        doubted.ShouldBe(combined.Select(score => score / 2), 1e-9);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(Stacking.FullMatrixClasses + 1)]
    public void The_gradient_of_the_stacking_is_the_slope_of_its_loss(int classes)
    {
        var (scores, labels) = Synthetic(100, classes, new Random(3));
        float[] importance = [.. labels.Select((_, i) => 1f + (i % 3))];
        var set = Set(labels, classes) with { Importance = importance };
        var stacking = Stacking.Fit(scores, set, 1, Cancellation);
        var loss = new StackingLoss(scores, set, 2);
        var parameters = 2 + classes + (classes <= Stacking.FullMatrixClasses ? 2 * classes * classes : 0);
        var gradient = new double[parameters];

        loss.Evaluate(stacking, gradient);

        // The slope in the direction of the biases: the sum over the texts of importance times (confidence - truth).
        for (var k = 0; k < classes; k++)
        {
            var expected = 0.0;
            for (var text = 0; text < labels.Length; text++)
            {
                var confidences = new double[classes];
                stacking.Combine(scores, text, confidences);
                Softmax.InPlace(confidences);
                expected += importance[text] * (confidences[k] - (labels[text] == k ? 1 : 0));
            }

            gradient[2 + k].ShouldBe(expected, 1e-9);
        }

        // At the minimum the penalties pull as strongly as the loss: biases by 0.3 of what they are.
        for (var k = 0; k < classes; k++)
        {
            gradient[2 + k].ShouldBe(-0.3 * stacking.Bias(k), 0.1);
        }
    }

    [Fact]
    public void The_perceptron_separates_what_can_be_separated()
    {
        var matrix = Matrix([.. SampleTickets.All.Select(ticket => ticket.Text)]);
        string[] labels = [.. SampleTickets.All.Select(ticket => ticket.Label).Distinct()];
        int[] truth = [.. SampleTickets.All.Select(ticket => Array.IndexOf(labels, ticket.Label))];
        float[] importance = [.. truth.Select(_ => 1f)];
        var orders = Enumerable.Repeat(Enumerable.Range(0, truth.Length).ToArray(), 20).ToArray();

        var learned = AveragedPerceptron.Train(
            matrix, orders, truth, importance, new ClassBlock(0, labels.Length), Cancellation);
        for (var text = 0; text < truth.Length; text++)
        {
            var scores = learned.Score(matrix, text);
            for (var target = 0; target < labels.Length; target++)
            {
                (scores[target] > 0).ShouldBe(truth[text] == target, SampleTickets.All[text].Text);
            }
        }
    }

    [Fact]
    public void The_perceptron_averages_its_weights_over_its_steps()
    {
        // One text, one feature, two visits. Before the first the score is 0: weight 1, bias 0.1; then the score is 1.1,
        // beyond the margin, and nothing moves. At the three points in time the weight was 0, 1 and 1.
        var matrix = Matrix(["printer", "", ""]);

        var learned = AveragedPerceptron.Train(matrix, [[0], [0]], [1, 0, 0], [1f, 1f, 1f], new ClassBlock(1, 1), Cancellation);

        learned.Weights[0].ShouldBe(2f / 3, 1e-6f);
        learned.Weights[1].ShouldBe(0, "a place that stands for no class learns nothing");
        learned.Bias[0].ShouldBe(0.2f / 3, 1e-6f);
    }

    [Fact]
    public void A_class_is_learned_the_same_in_any_block()
    {
        var matrix = Matrix([.. SampleTickets.All.Select(ticket => ticket.Text)]);
        int[] truth = [.. SampleTickets.All.Select((_, text) => text % 11)];
        float[] importance = [.. truth.Select(_ => 1f)];
        int[][] orders = [[.. Enumerable.Range(0, truth.Length)]];

        var alone = AveragedPerceptron.Train(matrix, orders, truth, importance, new ClassBlock(5, 1), Cancellation);
        var among = AveragedPerceptron.Train(matrix, orders, truth, importance, new ClassBlock(0, 8), Cancellation);

        ClassBlock.Of(11).ShouldBe([new ClassBlock(0, 8), new ClassBlock(8, 3)]);
        alone.Bias[0].ShouldBe(among.Bias[5]);
        alone.Bias[1].ShouldBe(0, "a place that stands for no class learns nothing");
        for (var column = 0; column < matrix.Features.Length; column++)
        {
            alone.Weights[column * ClassBlock.Size].ShouldBe(among.Weights[(column * ClassBlock.Size) + 5]);
        }
    }

    [Fact]
    public void The_mean_of_the_folds_does_not_depend_on_their_order()
    {
        var folds = Enumerable.Range(0, 4)
            .Select(fold => new BlockWeights(new ClassBlock(0, 1), [1f / (fold + 3), 0, 0, 0, 0, 0, 0, 0], default)).ToArray();
        var forwards = new FoldMean(4);
        var backwards = new FoldMean(4);

        foreach (var fold in Enumerable.Range(0, 4))
        {
            forwards.Add(fold, folds[fold]);
            backwards.Add(3 - fold, folds[3 - fold]);
        }

        backwards.Value.Weights.ShouldBe(forwards.Value.Weights);
        forwards.Value.Weights[0].ShouldBe(folds.Average(fold => fold.Weights[0]), 1e-6f);
    }

    [Fact]
    public void The_perceptron_learns_more_from_an_important_text_and_nothing_from_one_left_out()
    {
        var matrix = Matrix(["printer", "mouse", ""]);
        var printer = Column("printer");

        var once = AveragedPerceptron.Train(matrix, [[0]], [1, 0, 0], [1f, 1f, 1f], new ClassBlock(1, 1), Cancellation);
        var thrice = AveragedPerceptron.Train(matrix, [[0]], [1, 0, 0], [3f, 1f, 1f], new ClassBlock(1, 1), Cancellation);

        thrice.Weights[printer * ClassBlock.Size].ShouldBe(3 * once.Weights[printer * ClassBlock.Size], 1e-6f);
        once.Weights[(1 - printer) * ClassBlock.Size].ShouldBe(0);

        int Column(string word) => Array.IndexOf(matrix.Features, Features.Of(word, FeatureView.Words)[0].Hash);
    }

    [Fact]
    public void The_perceptron_gives_up_when_told_to()
    {
        var matrix = Matrix(["printer", "mouse"]);

        Should.Throw<OperationCanceledException>(() =>
            AveragedPerceptron.Train(matrix, [[0, 1]], [1, 0], [1f, 1f], new ClassBlock(1, 1), new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Weights_as_bytes_are_off_by_half_a_step_at_most()
    {
        var random = new Random(2);
        float[][] rows = [.. Enumerable.Range(0, 100).Select(_ => Enumerable.Range(0, 5).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray()), new float[5]];

        var weights = ByteRows.Round(5, rows.Length, (i, row) => rows[i].CopyTo(row));

        weights.Count.ShouldBe(rows.Length);
        for (var row = 0; row < rows.Length; row++)
        {
            var step = rows[row].Max(Math.Abs) / 127;
            for (var k = 0; k < 5; k++)
            {
                weights.Of(row, k).ShouldBe(rows[row][k], (step / 2) + 1e-7f);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(32)]
    [InlineData(77)]
    public void Rows_are_added_up_the_same_one_by_one_and_all_together(int width)
    {
        var random = new Random(3);
        var rows = ByteRows.Round(width, 20, (_, row) =>
        {
            foreach (ref var weight in row)
            {
                weight = (float)random.NextDouble() - 0.5f;
            }
        });
        int[] chosen = [3, 19, 3, 0];
        float[] factors = [1, 0.5f, -2, 0.25f];
        var together = new float[ByteRows.Stride(width)];
        var single = new float[ByteRows.Stride(width)];

        rows.AddTo(together, chosen, factors);
        for (var i = 0; i < chosen.Length; i++)
        {
            rows.AddTo(ref single[0], chosen[i], factors[i]);
        }

        together.ShouldBe(single);
        together[width..].ShouldAllBe(weight => weight == 0);
        for (var k = 0; k < width; k++)
        {
            together[k].ShouldBe(chosen.Zip(factors, (row, factor) => rows.Of(row, k) * factor).Sum(), 1e-5f);
        }
    }

    private static FeatureMatrix Matrix(string[] texts) => Features.Matrix(texts, FeatureView.Words, 1);

    private static TrainingSet Set(int[] truth, int classes) => new(
        [.. Enumerable.Range(0, classes).Select(k => $"{k}")], new string[truth.Length], truth, [.. truth.Select(_ => 1f)], truth.Length);

    // What a class's score in a view is multiplied by where it is added to a combined score.
    private static double Factor(Stacking stacking, int classes, int view, int to, int from)
    {
        var combined = new float[classes];
        var own = new float[classes];
        own[from] = 1;
        stacking.AddTo(combined, view, own);
        return combined[to];
    }

    private static double Rosenbrock(double[] point, double[] gradient)
    {
        Array.Clear(gradient);
        var value = 0.0;
        for (var i = 0; i + 1 < point.Length; i++)
        {
            var bend = point[i + 1] - (point[i] * point[i]);
            value += (100 * bend * bend) + ((1 - point[i]) * (1 - point[i]));
            gradient[i] += (-400 * point[i] * bend) - (2 * (1 - point[i]));
            gradient[i + 1] += 200 * bend;
        }

        return value;
    }

    // The sum of (i + 1)^2 (x_i - (i - 5))^2, less 3.
    private static double Bowl(double[] point, double[] gradient)
    {
        var value = -3.0;
        for (var i = 0; i < point.Length; i++)
        {
            var steepness = (i + 1.0) * (i + 1);
            var off = point[i] - (i - 5);
            value += steepness * off * off;
            gradient[i] = 2 * steepness * off;
        }

        return value;
    }

    private static (OutOfFoldScores Scores, int[] Labels) Synthetic(int texts, int classes, Random random)
    {
        var scores = new[] { new float[texts * classes], new float[texts * classes] };
        var labels = new int[texts];
        var chances = new double[classes];
        for (var text = 0; text < texts; text++)
        {
            for (var k = 0; k < classes; k++)
            {
                var a = scores[0][(text * classes) + k] = (float)((random.NextDouble() * 2) - 1);
                var b = scores[1][(text * classes) + k] = (float)((random.NextDouble() * 2) - 1);
                chances[k] = (3 * a) + b;
            }

            Softmax.InPlace(chances);
            var drawn = random.NextDouble();
            while (labels[text] < classes - 1 && (drawn -= chances[labels[text]]) > 0)
            {
                labels[text]++;
            }
        }

        return (new OutOfFoldScores(scores, [.. labels.Select(_ => 1f)]), labels);
    }

    private static List<Judgement> Judge(Stacking stacking, OutOfFoldScores scores, int[] labels, int classes)
    {
        var judgements = new List<Judgement>();
        var confidences = new double[classes];
        for (var text = 0; text < labels.Length; text++)
        {
            stacking.Combine(scores, text, confidences);
            Softmax.InPlace(confidences);
            var best = Array.IndexOf(confidences, confidences.Max());
            judgements.Add(new Judgement($"{labels[text]}", $"{best}", confidences[best]));
        }

        return judgements;
    }
}
