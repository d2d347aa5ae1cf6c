using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TicketAspire.Classifier.Features;
using TicketAspire.Classifier.Learning.Network;

namespace TicketAspire.Classifier.Model;

/// <summary>The part of a model that is a network, but for the features' weights, which are with their views.</summary>
internal sealed class NetworkWeights
{
    private readonly FeatureTable _words;

    /// <summary>Puts it together.</summary>
    /// <param name="words">The <see cref="FeatureWalk.Word"/> of each word with an embedding, each once.</param>
    /// <param name="embeddings">A row for each of them.</param>
    /// <param name="filters">For each place in the filters' width and each number of an embedding, the weights of all filters.</param>
    /// <param name="unitBiases">Added to the filters' answers, and behind them to the hidden units.</param>
    /// <param name="output">For each unit what it adds to every class's score, in rows of <see cref="ByteRows.Stride"/>.</param>
    public NetworkWeights(uint[] words, ByteRows embeddings, float[] filters, float[] unitBiases, float[] output)
    {
        _words = new FeatureTable(words);
        Embeddings = embeddings;
        Filters = filters;
        UnitBiases = unitBiases;
        Output = output;
    }

    public uint[] Words => _words.Keys;

    public ByteRows Embeddings { get; }

    public float[] Filters { get; }

    public float[] UnitBiases { get; }

    public float[] Output { get; }

    /// <summary>How many hidden units there are beside the filters.</summary>
    public int Hidden => UnitBiases.Length - NetworkShape.Filters;

    /// <summary>
    /// What a word adds to the filters' answers in each place of their width, one after the other; zeros without an
    /// embedding. Answers are sums over the neighbouring words, so this is all that depends on a word.
    /// </summary>
    /// <param name="word">The word's <see cref="FeatureWalk.Word"/>.</param>
    /// <param name="answers">Receives <see cref="NetworkShape.Width"/> times <see cref="NetworkShape.Filters"/> numbers.</param>
    public void Project(uint word, Span<float> answers)
    {
        answers.Clear();
        if (_words.Find(word) is not (>= 0 and var row))
        {
            return;
        }

        Span<float> embedding = stackalloc float[NetworkShape.Embedding];
        embedding.Clear();
        Embeddings.AddTo(ref embedding[0], row, 1);
        ref var filters = ref MemoryMarshal.GetArrayDataReference(Filters);
        for (var place = 0; place < NetworkShape.Width; place++)
        {
            for (var i = 0; i < NetworkShape.Embedding; i++)
            {
                Vectors.AddScaled(
                    ref answers[place * NetworkShape.Filters],
                    embedding[i],
                    ref Unsafe.Add(ref filters, ((place * NetworkShape.Embedding) + i) * NetworkShape.Filters),
                    NetworkShape.Filters);
            }
        }
    }

    /// <summary>Adds what the units add to the scores.</summary>
    public void AddTo(ReadOnlySpan<float> units, Span<float> scores)
    {
        ref var output = ref MemoryMarshal.GetArrayDataReference(Output);
        ref var score = ref MemoryMarshal.GetReference(scores);
        for (var unit = 0; unit < units.Length; unit++)
        {
            if (units[unit] > 0)
            {
                Vectors.AddScaled(ref score, units[unit], ref Unsafe.Add(ref output, unit * scores.Length), scores.Length);
            }
        }
    }
}
