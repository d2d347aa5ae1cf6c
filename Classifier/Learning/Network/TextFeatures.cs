namespace TicketAspire.Classifier.Learning.Network;

/// <summary>The features of one text in a row, as the hidden units take them; filled again for each text.</summary>
internal sealed class TextFeatures(NetworkInputs inputs)
{
    private int[] _numbers = new int[512];
    private float[] _values = new float[512];
    private int _count;

    /// <summary>The features; one that is in several words is there several times.</summary>
    public ReadOnlySpan<int> Numbers => _numbers.AsSpan(0, _count);

    /// <summary>Their values.</summary>
    public ReadOnlySpan<float> Values => _values.AsSpan(0, _count);

    /// <summary>Takes all features of a text.</summary>
    public void Take(int text)
    {
        var bits = new SeededBits(0);
        Take(text, 0, ref bits);
    }

    /// <summary>Takes the features of a text but for those left out at random, and makes up for these in the others.</summary>
    public void Take(int text, double dropped, ref SeededBits bits)
    {
        var chance = SeededBits.Chance(dropped);
        var kept = (float)(1 / (1 - dropped));
        _count = 0;
        Reserve(inputs.Features[text].Length);
        var features = inputs.Features[text];
        var values = inputs.Values[text];
        for (var i = 0; i < features.Length; i++)
        {
            _numbers[_count] = features[i];
            _values[_count] = values[i] * kept;
            _count += bits.Happens(chance) ? 0 : 1;
        }

        foreach (var (word, value) in inputs.Distinct[text])
        {
            var grams = inputs.Grams[word];
            Reserve(grams.Length);
            foreach (var gram in grams)
            {
                _numbers[_count] = gram;
                _values[_count] = value * kept * inputs.Rarity[gram];
                _count += bits.Happens(chance) ? 0 : 1;
            }
        }
    }

    // Room for so many more, and one beyond them.
    private void Reserve(int more)
    {
        if (_numbers.Length <= _count + more)
        {
            Array.Resize(ref _numbers, (_count + more) * 2);
            Array.Resize(ref _values, _numbers.Length);
        }
    }
}
