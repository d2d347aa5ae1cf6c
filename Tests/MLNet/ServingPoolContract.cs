using Shouldly;
using TicketAspire.Classifier;
using TicketAspire.Classifier.MLNet;
using TicketAspire.Inference.MLNet;
using TicketAspire.Tests.Classifier;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.MLNet;

/// <summary>What serves a version of an ML.NET model, whichever adapter it is.</summary>
public abstract class ServingPoolContract
{
    private static readonly Lazy<MLNetModel> Model = new(() =>
        (MLNetModel)new MLNetEngine().Train(SampleTickets.All, new TrainingSettings()).Model);

    /// <summary>Makes the pool under test.</summary>
    private protected abstract IEnginePool Of(Pipeline pipeline);

    [Fact]
    public void An_engine_that_is_rented_is_nobody_elses_until_it_comes_back()
    {
        var pool = Of(Model.Value.Pipeline);

        var (one, other) = (pool.Rent(), pool.Rent());
        other.ShouldNotBeSameAs(one);
        pool.Return(one);
        pool.Rent().ShouldBeSameAs(one);
    }

    [Fact]
    public async Task Many_threads_get_the_models_own_answers()
    {
        var served = Model.Value.With(Of(Model.Value.Pipeline));
        var expected = SampleTickets.All.Select(ticket => Confidences(Model.Value, ticket.Text)).ToArray();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            () => SampleTickets.All.Select(ticket => Confidences(served, ticket.Text)).ToArray(), HttpCalls.Cancellation)));

        foreach (var answer in answers)
        {
            answer.ShouldBe(expected);
        }
    }

    private static double[] Confidences(TextModel model, string text)
    {
        var confidences = new double[model.Labels.Count];
        model.Predict(text, confidences, out _);
        return confidences;
    }
}

/// <summary>Our own adapter.</summary>
[Collection("ML.NET")]
public sealed class OwnPoolTests : ServingPoolContract
{
    private protected override IEnginePool Of(Pipeline pipeline) => new OwnPool(pipeline);
}

#if NUGETORG
/// <summary>The package's, where the build has it.</summary>
[Collection("ML.NET")]
public sealed class PackagePoolTests : ServingPoolContract
{
    private protected override IEnginePool Of(Pipeline pipeline) => new PackagePool(pipeline);
}
#endif
