using Shouldly;
using TicketAspire.Classifier;
using TicketAspire.Classifier.Evaluation;
using Xunit;

namespace TicketAspire.Tests.Classifier;

/// <summary>How good the classifier is on real tickets that it has not seen.</summary>
public sealed class AccuracyTests(ItTickets tickets) : IClassFixture<ItTickets>
{
    [Fact]
    public void Real_tickets_are_told_apart_and_confidences_can_be_relied_on()
    {
        Assert.SkipUnless(ItTickets.File is not null, "shared/data/it_tickets.csv is not at hand.");
        var report = EvaluationReport.Of(tickets.Judgements);
        TestContext.Current.SendDiagnosticMessage(
            "accuracy {0:F4}, macro-F1 {1:F4}, calibration error {2:F4}", report.Accuracy, report.MacroF1, report.CalibrationError);

        report.Examples.ShouldBeGreaterThan(7000);
        report.Accuracy.ShouldBeGreaterThanOrEqualTo(0.872);
        report.MacroF1.ShouldBeGreaterThanOrEqualTo(0.872);
        report.CalibrationError.ShouldBeLessThanOrEqualTo(0.025);
    }

    [Fact]
    public void A_threshold_chosen_out_of_fold_keeps_its_precision_on_new_tickets()
    {
        Assert.SkipUnless(ItTickets.File is not null, "shared/data/it_tickets.csv is not at hand.");
        var chosen = RoutingThreshold.For(tickets.Trained.OutOfFold, 0.95);

        var kept = RoutingThreshold.At(tickets.Judgements, chosen.Confidence);

        kept.Precision.ShouldBeGreaterThanOrEqualTo(0.94);
        kept.Coverage.ShouldBeGreaterThan(0.6);
    }

    [Theory]
    [InlineData("Der Drucker im dritten Stock druckt seit gestern nur noch leere Seiten")]
    [InlineData("Je voudrais réserver une table pour quatre personnes demain soir")]
    [InlineData("¿Cuándo sale el próximo tren hacia la costa?")]
    [InlineData("Принтер на третьем этаже не печатает")]
    [InlineData("プリンターが動きません")]
    [InlineData("qwzx vvkj hhqq zzpl xkcd wvut jjkx")]
    [InlineData("asdf jkl; asdf jkl; !!!! 0x00ffee")]
    [InlineData("")]
    public void Text_far_from_all_tickets_goes_to_a_person(string text)
    {
        Assert.SkipUnless(ItTickets.File is not null, "shared/data/it_tickets.csv is not at hand.");
        var threshold = RoutingThreshold.For(tickets.Trained.OutOfFold, 0.95);

        tickets.Trained.Model.Predict(text).Confidence.ShouldBeLessThan(threshold.Confidence);
    }

    [Fact]
    public void A_model_of_many_tickets_stays_small_and_explains_itself_exactly()
    {
        Assert.SkipUnless(ItTickets.File is not null, "shared/data/it_tickets.csv is not at hand.");
        var model = tickets.Trained.Model;
        var text = string.Join(' ', SampleTickets.All.Select(ticket => ticket.Text));

        ModelFile.Write(model).Length.ShouldBeLessThan(12_000_000);
        for (var label = 0; label < model.Labels.Count; label++)
        {
            var score = model.Score(text)[label];
            var explanation = model.Explain(text, label);
            (explanation.Bias + explanation.Words.Sum(word => (double)word.Weight) + explanation.Together).ShouldBe(score, 1e-3 * Math.Max(1, Math.Abs(score)));
        }
    }
}
