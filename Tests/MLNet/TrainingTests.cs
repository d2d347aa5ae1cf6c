using Shouldly;
using TicketAspire.Classifier;
using TicketAspire.Classifier.Engines;
using TicketAspire.Classifier.Evaluation;
using TicketAspire.Classifier.MLNet;
using TicketAspire.Tests.Classifier;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.MLNet;

[Collection("ML.NET")]
public sealed class TrainingTests
{
    private static readonly Engine Engine = AllEngines.Catalog.Get(EngineNames.MLNet);
    private static readonly Lazy<TrainedModel> Shared = new(() => Engine.Train(SampleTickets.All, new TrainingSettings()));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void The_same_examples_and_seed_give_the_same_bytes_on_any_number_of_threads()
    {
        var one = Engine.Train(SampleTickets.All, new TrainingSettings { Threads = 1 }, progress: null, Cancellation).Model.Write();
        var other = Engine.Train(SampleTickets.All, new TrainingSettings { Threads = 4 }, progress: null, Cancellation).Model.Write();

        other.ShouldBe(one);
    }

    [Fact]
    public void A_model_that_is_read_again_answers_the_same_and_writes_the_same()
    {
        var model = Shared.Value.Model;
        var read = AllEngines.Catalog.Read(model.Write());

        read.Labels.ShouldBe(model.Labels);
        read.Write().ShouldBe(model.Write());
        EvaluationReport.Judge(read, SampleTickets.All).ShouldBe(EvaluationReport.Judge(model, SampleTickets.All));
    }

    [Fact]
    public void Any_changed_or_missing_byte_is_noticed()
    {
        var file = Shared.Value.Model.Write();
        foreach (var place in new[] { 8, 12, file.Length / 2, file.Length - 1 })
        {
            var damaged = file.ToArray();
            damaged[place] ^= 1;
            Should.Throw<InvalidDataException>(() => AllEngines.Catalog.Read(damaged));
        }

        Should.Throw<InvalidDataException>(() => AllEngines.Catalog.Read(file.AsSpan(0, file.Length - 5)));
    }

    [Fact]
    public void Confidences_add_up_and_the_out_of_fold_ones_are_as_high_as_the_answers_are_right()
    {
        var (model, outOfFold) = Shared.Value;
        var confidences = new double[model.Labels.Count];
        var best = model.Predict(SampleTickets.All[0].Text, confidences, out var unknown);

        confidences.Sum().ShouldBe(1, 1e-9);
        confidences.Max().ShouldBe(confidences[best]);
        unknown.ShouldBe(0);
        Math.Abs(outOfFold.Average(judgement => judgement.Confidence) - EvaluationReport.Of(outOfFold).Accuracy).ShouldBeLessThan(0.15);
    }

    [Theory]
    [InlineData("My mailbox is full and I cannot send mail; the PRINTER, too!")]
    [InlineData("")]
    [InlineData("zzzz qqqq")]
    public void An_explanation_adds_up_to_the_score(string text)
    {
        var model = Shared.Value.Model;
        var confidences = new double[model.Labels.Count];
        model.Predict(text, confidences);
        var mean = confidences.Average(Math.Log);
        for (var label = 0; label < confidences.Length; label++)
        {
            var explanation = model.Explain(text, label);
            (explanation.Bias + explanation.Words.Sum(word => word.Weight) + explanation.Together).ShouldBe((float)(Math.Log(confidences[label]) - mean), 0.01f);
            explanation.Together.ShouldBe(0, 0.001f);
        }
    }

    [Fact]
    public void A_text_of_unknown_words_is_less_sure()
    {
        var confidences = new double[Shared.Value.Model.Labels.Count];
        var text = SampleTickets.All[0].Text;
        Shared.Value.Model.Predict(text, confidences);
        var known = confidences.Max();
        Shared.Value.Model.Predict(text + " xyzzy plugh xyzzy plugh", confidences);
        confidences.Max().ShouldBeLessThan(known);

        Shared.Value.Model.Predict("xyzzy plugh", confidences, out var unknown);
        unknown.ShouldBe(1);
        confidences.Max().ShouldBeLessThan(known);
    }

    [Fact]
    public void A_training_that_is_given_up_ends()
    {
        using var stop = new CancellationTokenSource();
        var progress = new Cancelling(stop);

        Should.Throw<OperationCanceledException>(() => Engine.Train(SampleTickets.All, new TrainingSettings(), progress, stop.Token));

        progress.Stages.ShouldContain(TrainingStage.Training);
        progress.Stages.ShouldNotContain(TrainingStage.Calibrating);
    }

    [Fact]
    public void More_weights_than_an_array_holds_are_refused_in_words()
    {
        MLNetTraining.CheckSize(texts: 100_000, features: 1_000_000, labels: 100);

        Should.Throw<ArgumentException>(() => MLNetTraining.CheckSize(texts: 1_000, features: 10_000_000, labels: 500)).Message.ShouldContain("fewer examples");
        Should.Throw<ArgumentException>(() => MLNetTraining.CheckSize(texts: 5_000_000, features: 1_000, labels: 500)).Message.ShouldContain("fewer examples");
    }

    [Fact]
    public void A_full_disk_is_not_taken_for_a_damaged_file()
    {
        PipelineFile.IsOfTheMachine(new IOException("No space left on device")).ShouldBeTrue();
        PipelineFile.IsOfTheMachine(new InvalidOperationException("while loading", new UnauthorizedAccessException())).ShouldBeTrue();
        PipelineFile.IsOfTheMachine(new FormatException("what is this")).ShouldBeFalse();
        PipelineFile.IsOfTheMachine(new EndOfStreamException()).ShouldBeFalse();
    }

    [Fact]
    public void Two_labels_are_needed() =>
        Should.Throw<ArgumentException>(() => Engine.Train([new LabelledText("a", "one")], new TrainingSettings(), progress: null, Cancellation));

    [Fact]
    public void Nothing_stays_in_temporary_folders()
    {
        AllEngines.Catalog.Read(Shared.Value.Model.Write());

        foreach (var folder in new[] { "/dev/shm", Path.GetTempPath() }.Where(Directory.Exists))
        {
            Directory.EnumerateDirectories(folder, "ml_dotnet_*").ShouldBeEmpty();
            Directory.EnumerateDirectories(folder, "ticketaspire-mlnet-*").ShouldBeEmpty();
        }
    }

    [Fact]
    public void What_a_killed_process_left_behind_is_swept_away_and_what_is_in_use_is_not()
    {
        var left = Directory.CreateTempSubdirectory("ticketaspire-mlnet-");
        File.WriteAllText(Path.Combine(left.FullName, "Terms.txt"), "a word");
        left.LastWriteTimeUtc = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var used = Directory.CreateTempSubdirectory("ticketaspire-mlnet-");
        try
        {
            TicketAspire.Classifier.MLNet.TemporaryFolder.Sweep(TimeProvider.System.GetUtcNow());

            (Directory.Exists(left.FullName), Directory.Exists(used.FullName)).ShouldBe((false, true));
        }
        finally
        {
            used.Delete();
        }
    }

    private sealed class Cancelling(CancellationTokenSource stop) : IProgress<TrainingProgress>
    {
        public List<TrainingStage> Stages { get; } = [];

        public void Report(TrainingProgress value)
        {
            lock (Stages)
            {
                Stages.Add(value.Stage);
            }

            if (value.Stage == TrainingStage.Training)
            {
                stop.Cancel();
            }
        }
    }
}
