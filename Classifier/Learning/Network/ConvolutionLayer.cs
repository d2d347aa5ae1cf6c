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
    private float[] _text = [];
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
        Gather(words);
        Span<float> answers = stackalloc float[2 * NetworkShape.Filters];
        for (var place = 0; place < words.Length; place += 2)
        {
            AnswerTwo(place, ref answers[0]);
            KeepStronger(answers[..NetworkShape.Filters], place, strongest, places);
            if (place + 1 < words.Length)
            {
                KeepStronger(answers[NetworkShape.Filters..], place + 1, strongest, places);
            }
        }
    }

    /// <summary>Moves filters and embeddings against the gradient, with Adagrad.</summary>
    /// <param name="words">The text that <see cref="Forward"/> was called with last.</param>
    /// <param name="places">Where each filter's strongest answer was given.</param>
    /// <param name="gradient">The loss's derivative by each filter's answer.</param>
    /// <param name="rate">The learning rate.</param>
    public void Learn(ReadOnlySpan<int> words, ReadOnlySpan<int> places, ReadOnlySpan<float> gradient, float rate)
    {
        _gradient.AsSpan(0, (words.Length + NetworkShape.Width) * NetworkShape.Embedding).Clear();
        for (var filter = 0; filter < NetworkShape.Filters; filter++)
        {
            if (places[filter] >= 0 && gradient[filter] != 0)
            {
                LearnFilter(filter, places[filter], gradient[filter], rate);
            }
        }

        LearnWords(words, rate);
    }

    // All filters' answers in a place and in the next one: two places share what is read of the filters. All sums stay in
    // registers, and are added up in the same order whatever the width of the registers.
    private void AnswerTwo(int place, ref float answers)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            AnswerAll(place, ref answers);
        }
        else
        {
            AnswerHalf(place, 0, ref answers);
            AnswerHalf(place, NetworkShape.Filters / 2, ref answers);
        }
    }

    private void AnswerAll(int place, ref float answers)
    {
        const int Eighth = 16;
        ref var bias = ref MemoryMarshal.GetArrayDataReference(Biases);
        var (a, b, c, d) = (Vector512.LoadUnsafe(ref bias), Vector512.LoadUnsafe(ref bias, Eighth), Vector512.LoadUnsafe(ref bias, 2 * Eighth), Vector512.LoadUnsafe(ref bias, 3 * Eighth));
        var (e, f, g, h) = (a, b, c, d);
        ref var taps = ref MemoryMarshal.GetArrayDataReference(Transposed);
        ref var first = ref Row(place);
        ref var second = ref Row(place + 1);
        for (var i = 0; i < Taps; i++)
        {
            var (x, y) = (Vector512.Create(Unsafe.Add(ref first, i)), Vector512.Create(Unsafe.Add(ref second, i)));
            var tap = Vector512.LoadUnsafe(ref taps);
            (a, e) = (Vector512.FusedMultiplyAdd(x, tap, a), Vector512.FusedMultiplyAdd(y, tap, e));
            tap = Vector512.LoadUnsafe(ref taps, Eighth);
            (b, f) = (Vector512.FusedMultiplyAdd(x, tap, b), Vector512.FusedMultiplyAdd(y, tap, f));
            tap = Vector512.LoadUnsafe(ref taps, 2 * Eighth);
            (c, g) = (Vector512.FusedMultiplyAdd(x, tap, c), Vector512.FusedMultiplyAdd(y, tap, g));
            tap = Vector512.LoadUnsafe(ref taps, 3 * Eighth);
            (d, h) = (Vector512.FusedMultiplyAdd(x, tap, d), Vector512.FusedMultiplyAdd(y, tap, h));
            taps = ref Unsafe.Add(ref taps, NetworkShape.Filters);
        }

        a.StoreUnsafe(ref answers);
        b.StoreUnsafe(ref answers, Eighth);
        c.StoreUnsafe(ref answers, 2 * Eighth);
        d.StoreUnsafe(ref answers, 3 * Eighth);
        e.StoreUnsafe(ref answers, 4 * Eighth);
        f.StoreUnsafe(ref answers, 5 * Eighth);
        g.StoreUnsafe(ref answers, 6 * Eighth);
        h.StoreUnsafe(ref answers, 7 * Eighth);
    }

    private void AnswerHalf(int place, int from, ref float answers)
    {
        ref var bias = ref Biases[from];
        var (a, b, c, d) = (Vectors.Load(ref bias, 0), Vectors.Load(ref bias, 8), Vectors.Load(ref bias, 16), Vectors.Load(ref bias, 24));
        var (e, f, g, h) = (a, b, c, d);
        ref var taps = ref Transposed[from];
        ref var first = ref Row(place);
        ref var second = ref Row(place + 1);
        for (var i = 0; i < Taps; i++)
        {
            var (x, y) = (Vector256.Create(Unsafe.Add(ref first, i)), Vector256.Create(Unsafe.Add(ref second, i)));
            var tap = Vectors.Load(ref taps, 0);
            (a, e) = (Vector256.FusedMultiplyAdd(x, tap, a), Vector256.FusedMultiplyAdd(y, tap, e));
            tap = Vectors.Load(ref taps, 8);
            (b, f) = (Vector256.FusedMultiplyAdd(x, tap, b), Vector256.FusedMultiplyAdd(y, tap, f));
            tap = Vectors.Load(ref taps, 16);
            (c, g) = (Vector256.FusedMultiplyAdd(x, tap, c), Vector256.FusedMultiplyAdd(y, tap, g));
            tap = Vectors.Load(ref taps, 24);
            (d, h) = (Vector256.FusedMultiplyAdd(x, tap, d), Vector256.FusedMultiplyAdd(y, tap, h));
            taps = ref Unsafe.Add(ref taps, NetworkShape.Filters);
        }

        ref var here = ref Unsafe.Add(ref answers, from);
        Vectors.Store(a, ref here, 0);
        Vectors.Store(b, ref here, 8);
        Vectors.Store(c, ref here, 16);
        Vectors.Store(d, ref here, 24);
        ref var next = ref Unsafe.Add(ref here, NetworkShape.Filters);
        Vectors.Store(e, ref next, 0);
        Vectors.Store(f, ref next, 8);
        Vectors.Store(g, ref next, 16);
        Vectors.Store(h, ref next, 24);
    }

    // The text's embeddings in a row, silence on both sides and where there is no word: the words around a place are a
    // stretch of it. Fetched all at once, since memory answers many questions as fast as one.
    private void Gather(ReadOnlySpan<int> words)
    {
        const int Sides = 2 * (NetworkShape.Width / 2);
        // One more for a second place that is beyond the text.
        var length = (words.Length + Sides + 1) * NetworkShape.Embedding;
        if (_text.Length < length)
        {
            _text = new float[length * 2];
            _gradient = new float[length * 2];
        }

        _text.AsSpan(0, length).Clear();
        for (var at = 0; at < words.Length; at++)
        {
            if (words[at] != NoWord)
            {
                Embeddings.AsSpan(words[at] * NetworkShape.Embedding, NetworkShape.Embedding).CopyTo(MemoryMarshal.CreateSpan(ref Row(at + (NetworkShape.Width / 2)), NetworkShape.Embedding));
            }
        }
    }

    // A row of the text: those of a place's words begin with that of the place's number.
    private ref float Row(int row) => ref _text[row * NetworkShape.Embedding];

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

    private void LearnFilter(int filter, int place, float gradient, float rate)
    {
        _biasSquares[filter] += gradient * gradient;
        Biases[filter] -= rate * gradient / MathF.Sqrt(_biasSquares[filter]);
        var gradients = Vector256.Create(gradient);
        var rates = Vector256.Create(rate);
        ref var text = ref Row(place);
        ref var textGradient = ref _gradient[place * NetworkShape.Embedding];
        ref var weights = ref _filters[filter * Taps];
        ref var squares = ref _filterSquares[filter * Taps];
        ref var copy = ref Transposed[filter];
        for (var i = 0; i < Taps; i += Vectors.Size)
        {
            var weight = Vectors.Load(ref weights, i);
            Vectors.Store(Vector256.FusedMultiplyAdd(gradients, weight, Vectors.Load(ref textGradient, i)), ref textGradient, i);
            var change = gradients * Vectors.Load(ref text, i);
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

    private void LearnWords(ReadOnlySpan<int> words, float rate)
    {
        for (var at = 0; at < words.Length; at++)
        {
            if (words[at] == NoWord)
            {
                continue;
            }

            var gradient = _gradient.AsSpan((at + (NetworkShape.Width / 2)) * NetworkShape.Embedding, NetworkShape.Embedding);
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
