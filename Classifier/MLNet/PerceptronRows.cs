using System.Collections;
using Microsoft.ML.Data;
using TicketAspire.Classifier.Learning;

namespace TicketAspire.Classifier.MLNet;

/// <summary>
/// The texts of all folds but one, for one label, in another order each time that they are read: ML.NET shuffles only what it
/// has stored itself, and reads this once for each pass. Each text is a place at which the training can be given up.
/// </summary>
internal sealed class PerceptronRows : IEnumerable<PerceptronRow>
{
    private readonly VBuffer<float>[] _features;
    private readonly int[] _truth;
    private readonly int[] _texts;
    private readonly int _label;
    private readonly Random _random;
    private readonly CancellationToken _cancellation;

    /// <summary>Chooses them.</summary>
    /// <param name="features">Each text's features.</param>
    /// <param name="set">The texts. The perceptron takes no weights of examples: what counts several times comes several times.</param>
    /// <param name="folds">The fold of each text.</param>
    /// <param name="without">The fold to leave out.</param>
    /// <param name="label">The label.</param>
    /// <param name="seed">Seed of the orders.</param>
    /// <param name="cancellation">Gives up.</param>
    public PerceptronRows(
        VBuffer<float>[] features, TrainingSet set, int[] folds, int without, int label, int seed, CancellationToken cancellation)
    {
        _features = features;
        _truth = set.Truth;
        _texts = [.. Enumerable.Range(0, features.Length).Where(text => folds[text] != without)
            .SelectMany(text => Enumerable.Repeat(text, Math.Max(1, (int)MathF.Round(set.Importance[text]))))];
        _label = label;
        // Seeded System.Random keeps its algorithm from version to version of .NET.
        _random = new Random(seed);
        _cancellation = cancellation;
    }

    /// <inheritdoc/>
    public IEnumerator<PerceptronRow> GetEnumerator()
    {
        _random.Shuffle(_texts);
        // One row is enough: a cursor is done with it when it moves on.
        var row = new PerceptronRow();
        foreach (var text in _texts)
        {
            _cancellation.ThrowIfCancellationRequested();
            row.Label = _truth[text] == _label;
            row.Features = _features[text];
            yield return row;
        }
    }

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
