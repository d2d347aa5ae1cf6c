using System.Collections.Concurrent;
using Shouldly;
using TicketAspire.Classifier;
using TicketAspire.Classifier.Evaluation;
using Xunit;

namespace TicketAspire.Tests.Classifier;

/// <summary>From labelled texts to a model.</summary>
public sealed class TrainerTests(SampleModel sample) : IClassFixture<SampleModel>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Ten_tickets_of_a_category_are_enough_to_tell_new_ones()
    {
        foreach (var ticket in SampleTickets.Unseen)
        {
            sample.Model.Predict(ticket.Text).Label.ShouldBe(ticket.Label, ticket.Text);
        }

        foreach (var ticket in SampleTickets.All)
        {
            sample.Model.Predict(ticket.Text).Label.ShouldBe(ticket.Label, ticket.Text);
        }
    }

    [Fact]
    public void Five_tickets_of_a_category_are_enough_to_begin()
    {
        LabelledText[] few = [.. SampleTickets.All.GroupBy(ticket => ticket.Label).SelectMany(group => group.Take(5))];

        var model = Train(few).Model;

        SampleTickets.Unseen.Count(ticket => model.Predict(ticket.Text).Label == ticket.Label).ShouldBeGreaterThanOrEqualTo(3);
        few.ShouldAllBe(ticket => model.Predict(ticket.Text).Label == ticket.Label);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    public void Fewer_than_two_labels_are_refused(int examples)
    {
        LabelledText[] same = [.. Enumerable.Range(0, examples).Select(i => new LabelledText($"ticket {i}", "only"))];

        Should.Throw<ArgumentException>(() => Train(same)).ParamName.ShouldBe("examples");
    }

    [Fact]
    public void Two_examples_train_and_so_do_texts_without_a_word()
    {
        var two = Train([new("printer jams", "a"), new("vpn drops", "b")]).Model;
        var empty = Train([new("", "a"), new("...", "a"), new("?", "b"), new("\uD800", "a")]).Model;

        two.Predict("printer").Label.ShouldBe("a");
        two.Predict("vpn").Label.ShouldBe("b");
        empty.Predict("anything").Label.ShouldBe("a");
        empty.Predict("anything").Confidence.ShouldBeInRange(0.5, 1);
    }

    [Fact]
    public void Labels_are_sorted_ordinally_whatever_the_order_of_the_examples()
    {
        Train([new("one", "b"), new("two", "a"), new("three", "B"), new("four", "ä")]).Model.Labels.ShouldBe(["B", "a", "b", "ä"]);
    }

    [Theory]
    [InlineData(TrainingLevel.Quick)]
    [InlineData(TrainingLevel.Thorough)]
    public void The_same_examples_and_seed_give_the_same_bytes_on_any_number_of_threads(TrainingLevel level)
    {
        LabelledText[] examples = [.. Enumerable.Range(0, 30).SelectMany(i => SampleTickets.All.Select(ticket => ticket with { Text = $"{ticket.Text} {i}" }))];
        var alone = Trainer.Train(examples, new TrainingSettings { Level = level, Threads = 1 }, cancellation: Cancellation);
        var file = ModelFile.Write(alone.Model);
        foreach (var threads in new[] { 2, 16 })
        {
            var together = Trainer.Train(examples, new TrainingSettings { Level = level, Threads = threads }, cancellation: Cancellation);

            ModelFile.Write(together.Model).ShouldBe(file);
            together.OutOfFold.ShouldBe(alone.OutOfFold);
        }
    }

    [Fact]
    public void A_labels_name_says_what_belongs_to_it()
    {
        LabelledText[] examples =
        [
            new("it prints nothing", "printer"), new("paper jam again", "printer"), new("toner is low", "printer"),
            new("cannot log on", "password"), new("locked out again", "password"), new("account is locked", "password"),
        ];

        foreach (var level in Enum.GetValues<TrainingLevel>())
        {
            var model = Trainer.Train(examples, new TrainingSettings { Level = level }, cancellation: Cancellation).Model;

            model.Predict("my printer").Label.ShouldBe("printer");
            model.Predict("my password").Label.ShouldBe("password");
        }
    }

    [Fact]
    public void Two_examples_of_each_label_are_told_apart_at_both_levels()
    {
        LabelledText[] two = [.. SampleTickets.All.GroupBy(ticket => ticket.Label).SelectMany(group => group.Take(2))];

        foreach (var level in Enum.GetValues<TrainingLevel>())
        {
            var model = Trainer.Train(two, new TrainingSettings { Level = level }, cancellation: Cancellation).Model;

            two.ShouldAllBe(ticket => model.Predict(ticket.Text).Label == ticket.Label);
        }
    }

    [Fact]
    public void What_a_person_said_is_learned_though_its_words_occur_nowhere_else()
    {
        // So many that words in one text only are left out, but for those of a correction.
        LabelledText[] many = [.. Enumerable.Range(0, 130).SelectMany(i => SampleTickets.All.Select(ticket => ticket with { Text = $"{ticket.Text} {i}" }))];
        LabelledText once = new("zorvex blimpet", SampleTickets.Purchase);
        var settings = new TrainingSettings { Level = TrainingLevel.Quick };

        var example = Trainer.Train([.. many, once], settings, cancellation: Cancellation).Model;
        var correction = Trainer.Train([.. many, once with { Importance = 5 }], settings, cancellation: Cancellation).Model;

        example.Predict(once.Text).Confidence.ShouldBeLessThan(0.5);
        correction.Predict(once.Text).Label.ShouldBe(SampleTickets.Purchase);
        correction.Predict(once.Text).Confidence.ShouldBeGreaterThan(0.5);
    }

    [Fact]
    public void Another_seed_gives_another_model_and_the_same_seed_the_same()
    {
        var first = ModelFile.Write(Trainer.Train(SampleTickets.All, new TrainingSettings { Seed = 7 }, cancellation: Cancellation).Model);
        var again = ModelFile.Write(Trainer.Train(SampleTickets.All, new TrainingSettings { Seed = 7 }, cancellation: Cancellation).Model);
        var other = ModelFile.Write(Trainer.Train(SampleTickets.All, new TrainingSettings { Seed = 8 }, cancellation: Cancellation).Model);

        again.ShouldBe(first);
        other.ShouldNotBe(first);
    }

    [Fact]
    public void Settings_name_what_determines_the_model_and_not_the_threads()
    {
        new TrainingSettings { Threads = 1 }.ToString().ShouldBe(new TrainingSettings { Threads = 9 }.ToString());
        new TrainingSettings { Epochs = 3 }.ToString().ShouldNotBe(new TrainingSettings { Epochs = 4 }.ToString());
        new TrainingSettings { Level = TrainingLevel.Quick }.ToString().ShouldNotBe(new TrainingSettings { Level = TrainingLevel.Thorough }.ToString());
        new TrainingSettings { Folds = 3 }.ToString().ShouldNotBe(new TrainingSettings { Folds = 4 }.ToString());
    }

    [Fact]
    public void A_training_that_is_cancelled_beforehand_ends_at_once()
    {
        Should.Throw<OperationCanceledException>(() =>
            Trainer.Train(SampleTickets.All, new TrainingSettings(), cancellation: new CancellationToken(canceled: true)));
    }

    [Theory]
    [InlineData(TrainingStage.Features, 1)]
    [InlineData(TrainingStage.Training, 1)]
    [InlineData(TrainingStage.Training, 4)]
    [InlineData(TrainingStage.Calibrating, 1)]
    public void A_training_that_is_cancelled_in_any_stage_ends_with_that(TrainingStage stage, int threads)
    {
        using var cancellation = new CancellationTokenSource();
        var heard = new Heard(progress =>
        {
            if (progress.Stage == stage)
            {
                cancellation.Cancel();
            }
        });

        Should.Throw<OperationCanceledException>(() =>
            Trainer.Train(SampleTickets.All, new TrainingSettings { Threads = threads }, heard, cancellation: cancellation.Token));

        heard.All.Last().Stage.ShouldBe(stage);
        heard.All.ShouldNotContain(new TrainingProgress(TrainingStage.Calibrating, 1));
    }

    [Fact]
    public void Progress_goes_through_every_stage_to_its_end()
    {
        var heard = new Heard(_ => { });

        Trainer.Train(SampleTickets.All, new TrainingSettings { Threads = 4 }, heard, cancellation: Cancellation);

        heard.All.ShouldAllBe(progress => progress.Done >= 0 && progress.Done <= 1);
        heard.All.Select(progress => progress.Stage).ShouldBeInOrder();
        foreach (var stage in Enum.GetValues<TrainingStage>())
        {
            heard.All.ShouldContain(new TrainingProgress(stage, 1));
        }

        heard.All.Last().ShouldBe(new TrainingProgress(TrainingStage.Calibrating, 1));
    }

    [Fact]
    public void An_important_example_wins_against_the_same_text_with_another_label()
    {
        const string Text = "badge reader at the gate";
        LabelledText[] contradiction = [.. SampleTickets.All, new(Text, SampleTickets.Hardware), new(Text, SampleTickets.Access)];
        LabelledText[] corrected = [.. SampleTickets.All, new(Text, SampleTickets.Hardware), new(Text, SampleTickets.Access, 5)];
        LabelledText[] otherwise = [.. SampleTickets.All, new(Text, SampleTickets.Hardware, 5), new(Text, SampleTickets.Access)];

        Train(corrected).Model.Predict(Text).Label.ShouldBe(SampleTickets.Access);
        Train(otherwise).Model.Predict(Text).Label.ShouldBe(SampleTickets.Hardware);
        ModelFile.Write(Train(contradiction).Model).ShouldNotBe(ModelFile.Write(Train(corrected).Model));
    }

    [Fact]
    public void Out_of_fold_answers_stand_beside_their_examples()
    {
        sample.Trained.OutOfFold.Select(judgement => judgement.Label).ShouldBe(SampleTickets.All.Select(ticket => ticket.Label));
        sample.Trained.OutOfFold.ShouldAllBe(judgement => judgement.Confidence > 0.25 && judgement.Confidence <= 1);
        sample.Trained.OutOfFold.Count(judgement => judgement.Right).ShouldBeGreaterThan(SampleTickets.All.Count / 2);
    }

    [Fact]
    public void Out_of_fold_answers_know_nothing_of_the_example_itself()
    {
        // Labels by the toss of a coin: there is nothing to learn, only to learn by heart.
        var random = new Random(4);
        LabelledText[] coins =
        [
            .. Enumerable.Range(0, 400).Select(i => new LabelledText(
                string.Join(' ', Enumerable.Range(0, 6).Select(_ => $"w{random.Next(60)}")), random.Next(2) == 0 ? "heads" : "tails")),
        ];

        var trained = Train(coins);

        var outOfFold = EvaluationReport.Of(trained.OutOfFold);
        outOfFold.Accuracy.ShouldBeInRange(0.4, 0.6);
        trained.OutOfFold.Average(judgement => judgement.Confidence).ShouldBeLessThan(0.62);
    }

    [Fact]
    public void Hundreds_of_labels_can_be_learned()
    {
        LabelledText[] many = [.. Enumerable.Range(0, 1200).Select(i => new LabelledText($"about topic{i % 300} case {i}", $"label {i % 300:D3}"))];

        var model = Trainer.Train(many, new TrainingSettings { Epochs = 3, Folds = 2 }, cancellation: Cancellation).Model;

        model.Labels.Count.ShouldBe(300);
        Enumerable.Range(0, 300).Count(i => model.Predict($"topic{i}").Label == $"label {i:D3}").ShouldBeGreaterThan(270);
    }

    private static TrainedClassifier Train(IReadOnlyList<LabelledText> examples) =>
        Trainer.Train(examples, new TrainingSettings(), cancellation: Cancellation);

    private sealed class Heard(Action<TrainingProgress> also) : IProgress<TrainingProgress>
    {
        public ConcurrentQueue<TrainingProgress> All { get; } = new();

        public void Report(TrainingProgress value)
        {
            All.Enqueue(value);
            also(value);
        }
    }
}
