using BenchmarkDotNet.Attributes;
using TicketAspire.Classifier;

namespace TicketAspire.Benchmarks.Micro;

/// <summary>One prediction, one explanation, and a batch over all cores.</summary>
public class PredictionBenchmarks
{
    private TextClassifier _model = null!;
    private string[] _texts = null!;
    private double[] _confidences = null!;

    /// <summary>The level of the model.</summary>
    [ParamsAllValues]
    public TrainingLevel Level { get; set; }

    /// <summary>Trains it.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _model = BenchmarkData.Model(Level);
        _texts = BenchmarkData.Unseen;
        _confidences = new double[_model.Labels.Count];
    }

    /// <summary>All confidences of a text.</summary>
    [Benchmark(OperationsPerInvoke = BenchmarkData.Texts)]
    public void Predict()
    {
        foreach (var text in _texts)
        {
            _model.Predict(text, _confidences);
        }
    }

    /// <summary>The answers to a thousand texts on all cores.</summary>
    [Benchmark(OperationsPerInvoke = BenchmarkData.Texts)]
    public Prediction[] Batch() => _model.Predict(_texts);

    /// <summary>Why the first label.</summary>
    [Benchmark(OperationsPerInvoke = BenchmarkData.Texts)]
    public void Explain()
    {
        foreach (var text in _texts)
        {
            _model.Explain(text, 0);
        }
    }
}
