using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace TicketAspire.Classifier.Learning.Network;

/// <summary>
/// Filters over the words' embeddings, each with its strongest answer in the text (Kim, "Convolutional Neural Networks for
/// Sentence Classification", EMNLP 2014): a filter finds one kind of phrase, whatever words of the kind it is made of and
/// wherever it stands. A word without an embedding is a gap.
/// </summary>
internal sealed class ConvolutionLayer
{
    /// <summary>Stands for a word without an embedding.</summary>
    public const int NoWord = -1;

    private const int Taps = NetworkShape.Width * NetworkShape.Embedding;

    // Filter by filter, for learning; the transposed copy, in which a text's answers are computed for all filters at a time.
    private readonly float[] _filters;
    private readonly float[] _filterSquares;
    private readonly float[] _biasSquares = Vectors.Squares(NetworkShape.Filters);
    private readonly float[] _wordSquares;
    private float[] _gradient = [];

    public ConvolutionLayer(int words, Random random)
    {
        Embeddings = Vectors.Random(random, words * NetworkShape.Embedding, 1 / Math.Sqrt(NetworkShape.Embedding));
        _wordSquares = Vectors.Squares(words);
        _filters = Vectors.Random(random, NetworkShape.Filters * Taps, 1 / Math.Sqrt(Taps));
        _filterSquares = Vectors.Squares(_filters.Length);
        Transposed = new float[_filters.Length];
        for (var filter = 0; filter < NetworkShape.Filters; filter++)
        {
            for (var tap = 0; tap < Taps; tap++)
            {
                Transposed[(tap * NetworkShape.Filters) + filter] = _filters[(filter * Taps) + tap];
            }
        }
    }

    /// <summary>Word by word.</summary>
    public float[] Embeddings { get; }

    /// <summary>For each place in a filter's width and each number of an embedding, the weights of all filters.</summary>
    public float[] Transposed { get; }

    /// <summary>Added to the filters' answers.</summary>
    public float[] Biases { get; } = new float[NetworkShape.Filters];

    /// <summary>Computes each filter's strongest answer, at least 0, and where it was given; -1 for nowhere.</summary>
    public void Forward(ReadOnlySpan<int> words, Span<float> strongest, Span<int> places)
    {
        strongest.Clear();
        places.Fill(-1);
        Span<float> answers = stackalloc float[NetworkShape.Filters];
        for (var place = 0; place < words.Length; place++)
        {
            Answer(words, place, answers);
            KeepStronger(answers, place, strongest, places);
        }
    }

    /// <summary>Moves filters and embeddings against the gradient, with Adagrad.</summary>
    /// <param name="words">The text.</param>
    /// <param name="places">Where each filter's strongest answer was given.</param>
    /// <param name="gradient">The loss's derivative by each filter's answer.</param>
    /// <param name="rate">The learning rate.</param>
    public void Learn(ReadOnlySpan<int> words, ReadOnlySpan<int> places, ReadOnlySpan<float> gradient, float rate)
    {
        if (_gradient.Length < words.Length * NetworkShape.Embedding)
        {
            _gradient = new float[words.Length * NetworkShape.Embedding * 2];
        }

        _gradient.AsSpan(0, words.Length * NetworkShape.Embedding).Clear();
        for (var filter = 0; filter < NetworkShape.Filters; filter++)
        {
            if (places[filter] >= 0 && gradient[filter] != 0)
            {
                LearnFilter(words, filter, places[filter], gradient[filter], rate);
            }
        }

        LearnWords(words, rate);
    }

    private void Answer(ReadOnlySpan<int> words, int place, Span<float> answers)
    {
        ref var taps = ref MemoryMarshal.GetArrayDataReference(Transposed);
        ref var bias = ref MemoryMarshal.GetArrayDataReference(Biases);
        // Half of the filters at a time: four sums of eight stay in registers beside their factors.
        var (a, b, c, d) = (Vectors.Load(ref bias, 0), Vectors.Load(ref bias, 8), Vectors.Load(ref bias, 16), Vectors.Load(ref bias, 24));
        var (e, f, g, h) = (Vectors.Load(ref bias, 32), Vectors.Load(ref bias, 40), Vectors.Load(ref bias, 48), Vectors.Load(ref bias, 56));
        for (var offset = 0; offset < NetworkShape.Width; offset++)
        {
            var at = place + offset - (NetworkShape.Width / 2);
            if ((uint)at >= (uint)words.Length || words[at] == NoWord)
            {
                continue;
            }

            ref var embedding = ref Embeddings[words[at] * NetworkShape.Embedding];
            ref var row = ref Unsafe.Add(ref taps, offset * NetworkShape.Embedding * NetworkShape.Filters);
            for (var i = 0; i < NetworkShape.Embedding; i++)
            {
                var x = Vector256.Create(Unsafe.Add(ref embedding, i));
                a = Vector256.FusedMultiplyAdd(x, Vectors.Load(ref row, 0), a);
                b = Vector256.FusedMultiplyAdd(x, Vectors.Load(ref row, 8), b);
                c = Vector256.FusedMultiplyAdd(x, Vectors.Load(ref row, 16), c);
                d = Vector256.FusedMultiplyAdd(x, Vectors.Load(ref row, 24), d);
                e = Vector256.FusedMultiplyAdd(x, Vectors.Load(ref row, 32), e);
                f = Vector256.FusedMultiplyAdd(x, Vectors.Load(ref row, 40), f);
                g = Vector256.FusedMultiplyAdd(x, Vectors.Load(ref row, 48), g);
                h = Vector256.FusedMultiplyAdd(x, Vectors.Load(ref row, 56), h);
                row = ref Unsafe.Add(ref row, NetworkShape.Filters);
            }
        }

        ref var answer = ref MemoryMarshal.GetReference(answers);
        Vectors.Store(a, ref answer, 0);
        Vectors.Store(b, ref answer, 8);
        Vectors.Store(c, ref answer, 16);
        Vectors.Store(d, ref answer, 24);
        Vectors.Store(e, ref answer, 32);
        Vectors.Store(f, ref answer, 40);
        Vectors.Store(g, ref answer, 48);
        Vectors.Store(h, ref answer, 56);
    }

    private static void KeepStronger(ReadOnlySpan<float> answers, int place, Span<float> strongest, Span<int> places)
    {
        ref var answer = ref MemoryMarshal.GetReference(answers);
        ref var best = ref MemoryMarshal.GetReference(strongest);
        ref var where = ref MemoryMarshal.GetReference(places);
        for (var i = 0; i < NetworkShape.Filters; i += Vectors.Size)
        {
            var next = Vectors.Load(ref answer, i);
            var before = Vectors.Load(ref best, i);
            var stronger = Vector256.GreaterThan(next, before);
            Vectors.Store(Vector256.ConditionalSelect(stronger, next, before), ref best, i);
            Vector256.ConditionalSelect(stronger.AsInt32(), Vector256.Create(place), Vector256.LoadUnsafe(ref where, (nuint)i))
                .StoreUnsafe(ref where, (nuint)i);
        }
    }

    private void LearnFilter(ReadOnlySpan<int> words, int filter, int place, float gradient, float rate)
    {
        _biasSquares[filter] += gradient * gradient;
        Biases[filter] -= rate * gradient / MathF.Sqrt(_biasSquares[filter]);
        var gradients = Vector256.Create(gradient);
        var rates = Vector256.Create(rate);
        for (var offset = 0; offset < NetworkShape.Width; offset++)
        {
            var at = place + offset - (NetworkShape.Width / 2);
            if ((uint)at >= (uint)words.Length || words[at] == NoWord)
            {
                continue;
            }

            ref var embedding = ref Embeddings[words[at] * NetworkShape.Embedding];
            ref var wordGradient = ref _gradient[at * NetworkShape.Embedding];
            ref var weights = ref _filters[(filter * Taps) + (offset * NetworkShape.Embedding)];
            ref var squares = ref _filterSquares[(filter * Taps) + (offset * NetworkShape.Embedding)];
            ref var copy = ref Transposed[(offset * NetworkShape.Embedding * NetworkShape.Filters) + filter];
            for (var i = 0; i < NetworkShape.Embedding; i += Vectors.Size)
            {
                var weight = Vectors.Load(ref weights, i);
                Vectors.Store(Vector256.FusedMultiplyAdd(gradients, weight, Vectors.Load(ref wordGradient, i)), ref wordGradient, i);
                var change = gradients * Vectors.Load(ref embedding, i);
                var sum = Vector256.FusedMultiplyAdd(change, change, Vectors.Load(ref squares, i));
                Vectors.Store(sum, ref squares, i);
                weight -= rates * change / Vector256.Sqrt(sum);
                Vectors.Store(weight, ref weights, i);
                for (var k = 0; k < Vectors.Size; k++)
                {
                    Unsafe.Add(ref copy, (i + k) * NetworkShape.Filters) = weight[k];
                }
            }
        }
    }

    private void LearnWords(ReadOnlySpan<int> words, float rate)
    {
        for (var at = 0; at < words.Length; at++)
        {
            if (words[at] == NoWord)
            {
                continue;
            }

            var gradient = _gradient.AsSpan(at * NetworkShape.Embedding, NetworkShape.Embedding);
            var squares = Vectors.Squares(gradient);
            if (squares != 0)
            {
                ref var sum = ref _wordSquares[words[at]];
                sum += squares / NetworkShape.Embedding;
                Vectors.AddScaled(
                    ref Embeddings[words[at] * NetworkShape.Embedding], -rate / MathF.Sqrt(sum), ref gradient[0], NetworkShape.Embedding);
            }
        }
    }
}
