using BenchmarkDotNet.Attributes;
using TicketAspire.Classifier.Features;
using TicketAspire.Classifier.Text;

namespace TicketAspire.Benchmarks.Micro;

/// <summary>The steps from a text to its features.</summary>
public class FeatureBenchmarks
{
    private readonly TokenBuffer _tokens = new();
    private readonly FeatureCounter _counter = new();
    private string[] _texts = null!;
    private uint[][] _words = null!;
    private string[][] _distinct = null!;

    /// <summary>Takes the texts apart beforehand, so that each step is measured alone.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _texts = BenchmarkData.Unseen;
        _distinct = [.. _texts.Select(text => NormalizedText.Of(text).Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        _words = [.. _distinct.Select(words => words.Select(word => FeatureWalk.HashWord(word)).ToArray())];
    }

    /// <summary>Normalising: a text's words.</summary>
    [Benchmark(OperationsPerInvoke = BenchmarkData.Texts)]
    public void Words()
    {
        foreach (var text in _texts)
        {
            _tokens.Read(text);
        }
    }

    /// <summary>Words and near pairs, counted.</summary>
    [Benchmark(OperationsPerInvoke = BenchmarkData.Texts)]
    public void Pairs() => Count(FeatureView.Words);

    /// <summary>Words and pairs up to ten words apart, counted.</summary>
    [Benchmark(OperationsPerInvoke = BenchmarkData.Texts)]
    public void DistantPairs() => Count(FeatureView.DistantWords);

    /// <summary>Character n-grams of all words, counted: what a model remembers, so that predictions rarely need it.</summary>
    [Benchmark(OperationsPerInvoke = BenchmarkData.Texts)]
    public void Grams()
    {
        var counting = new Counting(_counter);
        foreach (var words in _distinct)
        {
            _counter.Clear();
            foreach (var word in words)
            {
                FeatureWalk.VisitGrams(word, ref counting);
            }
        }
    }

    private void Count(FeatureView view)
    {
        var counting = new Counting(_counter);
        foreach (var words in _words)
        {
            _counter.Clear();
            FeatureWalk.VisitWords(words, view.Reach(), ref counting);
        }
    }
}
