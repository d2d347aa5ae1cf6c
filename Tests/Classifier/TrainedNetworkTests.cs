using Shouldly;
using TicketAspire.Classifier;
using Xunit;

namespace TicketAspire.Tests.Classifier;

/// <summary>A network that later trainings go on using.</summary>
public sealed class TrainedNetworkTests
{
    private static readonly LabelledText[] Examples =
        [.. Enumerable.Range(0, 5).SelectMany(i => SampleTickets.All.Select(ticket => ticket with { Text = $"{ticket.Text} {i}" }))];

    private static readonly TrainedClassifier Trained = Trainer.Train(Examples, new TrainingSettings());

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void A_training_that_is_given_its_own_network_gives_the_same_model()
    {
        var again = Trainer.Train(Examples, new TrainingSettings(), network: Trained.Network, cancellation: Cancellation);

        ModelFile.Write(again.Model).ShouldBe(ModelFile.Write(Trained.Model));
        again.OutOfFold.ShouldBe(Trained.OutOfFold);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(16)]
    public void A_network_alone_is_the_one_that_a_whole_training_gives_on_any_number_of_threads(int threads)
    {
        var alone = Trainer.TrainNetwork(Examples, new TrainingSettings { Threads = threads }, cancellation: Cancellation);

        alone.Write().ShouldBe(Trained.Network!.Write());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public void A_few_texts_more_are_learned_with_the_network_as_it_was_on_any_number_of_threads(int threads)
    {
        LabelledText[] more =
        [
            .. Examples,
            new("the badge reader at the gate blinks", SampleTickets.Hardware, 3),
            new("badge reader beeps", SampleTickets.Hardware, 3),
        ];
        var network = TrainedNetwork.Read(Trained.Network!.Write());

        var model = Trainer.Train(more, new TrainingSettings { Threads = threads }, network: network, cancellation: Cancellation);

        model.Model.Predict("badge reader").Label.ShouldBe(SampleTickets.Hardware);
        model.Network.ShouldBe(network);
        ModelFile.Write(model.Model).ShouldBe(
            ModelFile.Write(Trainer.Train(more, new TrainingSettings { Threads = 2 }, network: Trained.Network, cancellation: Cancellation).Model));
        ModelFile.Write(ModelFile.Read(ModelFile.Write(model.Model))).ShouldBe(ModelFile.Write(model.Model));
    }

    [Fact]
    public void Texts_that_are_gone_take_none_of_the_network_with_them()
    {
        // Features that only the missing texts had are still the network's.
        LabelledText[] fewer = [.. Examples.Where((_, i) => i % 7 != 0)];

        var model = Trainer.Train(fewer, new TrainingSettings(), network: Trained.Network, cancellation: Cancellation).Model;

        fewer.Count(ticket => model.Predict(ticket.Text).Label == ticket.Label).ShouldBe(fewer.Length);
        ModelFile.Write(ModelFile.Read(ModelFile.Write(model))).ShouldBe(ModelFile.Write(model));
    }

    [Fact]
    public void A_network_of_other_labels_is_refused() =>
        Should.Throw<ArgumentException>(() => Trainer.Train(
            [.. Examples, new("lunch is cold", "Canteen")], new TrainingSettings(), network: Trained.Network, cancellation: Cancellation))
            .Message.ShouldContain("other labels");

    [Fact]
    public void A_quick_training_has_no_network_and_uses_none()
    {
        var settings = new TrainingSettings { Level = TrainingLevel.Quick };
        var quick = Trainer.Train(Examples, settings, cancellation: Cancellation);

        quick.Network.ShouldBeNull();
        ModelFile.Write(Trainer.Train(Examples, settings, network: Trained.Network, cancellation: Cancellation).Model)
            .ShouldBe(ModelFile.Write(quick.Model));
    }

    [Fact]
    public void Damaged_bytes_are_refused_wherever_the_damage_is()
    {
        var whole = Trained.Network!.Write();
        foreach (var at in new[] { 0, 8, 100, whole.Length / 2, whole.Length - 1 })
        {
            var damaged = whole.ToArray();
            damaged[at] ^= 1;
            Should.Throw<InvalidDataException>(() => TrainedNetwork.Read(damaged));
        }

        Should.Throw<InvalidDataException>(() => TrainedNetwork.Read(whole.AsSpan(0, whole.Length - 1)));
        Should.Throw<InvalidDataException>(() => TrainedNetwork.Read([]));
    }
}
