using System.Runtime.InteropServices;

using TicketAspire.Classifier.Model;

namespace TicketAspire.Classifier.Learning.Network;

/// <summary>
/// A network of one layer: filters over the words and hidden units fed by the features, both leading to the classes. It
/// finds what no sum over single features can say, and is right where a linear model is wrong often enough to be worth
/// asking beside it.
/// </summary>
internal sealed class TextNetwork
{
    /// <summary>The learning rates at the beginning; they fall to zero evenly.</summary>
    private const float FeatureRate = 0.05f;
    private const float FilterRate = 0.05f;
    private const float OutputRate = 0.03f;

    /// <summary>
    /// What is left out of a text at random while learning from it (dropout: Srivastava et al., JMLR 15, 2014), so that no
    /// unit relies on one feature and the classes do not rely on one unit.
    /// </summary>
    private const double DroppedFeatures = 0.3;
    private const double DroppedWords = 0.1;
    private const double DroppedUnits = 0.3;

    /// <summary>A text whose class is missed by less than this teaches nothing more: it saves half of the time.</summary>
    private const float Learned = 0.05f;

    private readonly NetworkInputs _inputs;
    private readonly float[] _units;
    private readonly int[] _places = new int[NetworkShape.Filters];
    private readonly TextFeatures _whole;

    private TextNetwork(NetworkInputs inputs, Random random)
    {
        _inputs = inputs;
        _units = new float[inputs.Shape.Units];
        _whole = new TextFeatures(inputs);
        Convolution = new ConvolutionLayer(inputs.Shape.Words, random);
        Hidden = new HiddenLayer(inputs.Shape.Features, inputs.Shape.Hidden, random);
        Output = new OutputLayer(inputs.Shape, random);
    }

    public ConvolutionLayer Convolution { get; }

    public HiddenLayer Hidden { get; }

    public OutputLayer Output { get; }

    /// <summary>Trains a network, text by text, in an order that is drawn anew for each epoch.</summary>
    /// <param name="inputs">All texts.</param>
    /// <param name="set">Their classes and importance.</param>
    /// <param name="texts">Those to learn from.</param>
    /// <param name="epochs">How many passes over them.</param>
    /// <param name="seed">Seeds first weights, orders and dropout.</param>
    /// <param name="epochDone">Called after each pass.</param>
    /// <param name="cancellation">Gives up, between passes.</param>
    public static TextNetwork Train(
        NetworkInputs inputs, TrainingSet set, int[] texts, int epochs, int seed, Action epochDone, CancellationToken cancellation)
    {
        var random = new Random(seed);
        var network = new TextNetwork(inputs, random);
        var learning = new Dropout(inputs, seed);
        var order = texts.ToArray();
        var steps = (float)epochs * order.Length;
        var step = 0;
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            cancellation.ThrowIfCancellationRequested();
            random.Shuffle(order);
            foreach (var text in order)
            {
                network.Learn(learning, text, set.Truth[text], set.Importance[text], 1 - (step++ / steps));
            }

            epochDone();
        }

        return network;
    }

    /// <summary>The scores of a training text; those of the classes come first.</summary>
    public void Score(int text, Span<float> scores)
    {
        _whole.Take(text);
        Forward(_inputs.Texts[text], _whole);
        Output.Forward(_units, scores);
    }

    private void Forward(ReadOnlySpan<int> words, TextFeatures features)
    {
        Convolution.Forward(words, _units.AsSpan(0, NetworkShape.Filters), _places);
        Hidden.Forward(features.Numbers, features.Values, _units.AsSpan(NetworkShape.Filters));
    }

    private void Learn(Dropout dropout, int text, int truth, float importance, float rate)
    {
        dropout.Draw(text);
        Forward(dropout.Words, dropout.Features);
        dropout.Mask(_units);
        Output.Forward(_units, dropout.Scores);
        var error = dropout.Scores;
        Probabilities(error[.._inputs.Shape.Classes]);
        error[_inputs.Shape.Classes..].Clear();
        error[truth] -= 1;
        if (-error[truth] < Learned)
        {
            return;
        }

        for (var k = 0; k < error.Length; k++)
        {
            error[k] *= importance;
        }

        var gradient = dropout.Gradient;
        Output.Learn(_units, error, rate * OutputRate, gradient);
        Dropout.Scale(gradient);
        Convolution.Learn(dropout.Words, _places, gradient[..NetworkShape.Filters], rate * FilterRate);
        Hidden.Learn(dropout.Features.Numbers, dropout.Features.Values, gradient[NetworkShape.Filters..], rate * FeatureRate);
    }

    private static void Probabilities(Span<float> scores)
    {
        var highest = float.NegativeInfinity;
        foreach (var score in scores)
        {
            highest = Math.Max(highest, score);
        }

        var sum = 0f;
        for (var k = 0; k < scores.Length; k++)
        {
            scores[k] = MathF.Exp(scores[k] - highest);
            sum += scores[k];
        }

        for (var k = 0; k < scores.Length; k++)
        {
            scores[k] /= sum;
        }
    }

    /// <summary>One text with parts left out, and the room to learn from it.</summary>
    private sealed class Dropout(NetworkInputs inputs, int seed)
    {
        private const float KeptUnit = (float)(1 / (1 - DroppedUnits));
        private static readonly uint UnitChance = SeededBits.Chance(DroppedUnits);
        private static readonly uint WordChance = SeededBits.Chance(DroppedWords);

        private readonly float[] _gradient = new float[inputs.Shape.Units];
        private readonly float[] _scores = new float[ByteRows.Stride(inputs.Shape.Classes)];
        private readonly int[] _words = new int[inputs.Texts.Max(text => text.Length)];
        private SeededBits _bits = new(seed);
        private int _wordCount;

        public ReadOnlySpan<int> Words => _words.AsSpan(0, _wordCount);

        public TextFeatures Features { get; } = new(inputs);

        public Span<float> Scores => _scores;

        public Span<float> Gradient => _gradient;

        public void Draw(int text)
        {
            Features.Take(text);
            Features.Drop(DroppedFeatures, ref _bits);
            var words = inputs.Texts[text];
            _wordCount = words.Length;
            for (var first = 0; first < words.Length; first += SeededBits.Count)
            {
                var dropped = _bits.Happen(WordChance);
                for (var i = first; i < Math.Min(words.Length, first + SeededBits.Count); i++, dropped >>= 1)
                {
                    _words[i] = (dropped & 1) != 0 ? ConvolutionLayer.NoWord : words[i];
                }
            }
        }

        /// <summary>Leaves units out, and makes up for it in the others.</summary>
        public void Mask(float[] units)
        {
            for (var first = 0; first < units.Length; first += SeededBits.Count)
            {
                var dropped = _bits.Happen(UnitChance);
                for (var i = first; i < first + SeededBits.Count; i++, dropped >>= 1)
                {
                    units[i] = (dropped & 1) != 0 ? 0 : units[i] * KeptUnit;
                }
            }
        }

        /// <summary>The derivatives by the units before <see cref="Mask"/> made up for those left out.</summary>
        public static void Scale(Span<float> gradient)
        {
            ref var start = ref MemoryMarshal.GetReference(gradient);
            for (var i = 0; i < gradient.Length; i += Vectors.Size)
            {
                Vectors.Store(Vectors.Load(ref start, i) * KeptUnit, ref start, i);
            }
        }
    }
}
