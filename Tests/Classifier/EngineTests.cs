using Shouldly;
using TicketAspire.Classifier;
using TicketAspire.Classifier.Engines;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.Classifier;

public sealed class EngineTests(SampleModel sample) : IClassFixture<SampleModel>
{
    [Fact]
    public void A_models_file_is_read_by_the_engine_that_wrote_it()
    {
        TextModel model = sample.Model;

        var read = AllEngines.Catalog.Read(model.Write());

        read.ShouldBeOfType<TextClassifier>();
        read.Write().ShouldBe(model.Write());
    }

    [Fact]
    public void The_own_engine_trains_what_the_trainer_does()
    {
        var settings = new TrainingSettings { Level = TrainingLevel.Quick };
        var engine = AllEngines.Catalog.Get("OWN");

        var trained = engine.Train(SampleTickets.All, settings, progress: null, TestContext.Current.CancellationToken);

        engine.Name.ShouldBe(EngineNames.Own);
        engine.Describe(settings).ShouldBe(settings.ToString());
        trained.Model.Write().ShouldBe(ModelFile.Write(sample.Linear));
        trained.OutOfFold.Count.ShouldBe(SampleTickets.All.Count);
    }
}
