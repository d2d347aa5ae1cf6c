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
        var features = inputs.Features[text];
        _count = 0;
        Reserve(features.Length);
        features.CopyTo(_numbers, 0);
        inputs.Values[text].CopyTo(_values, 0);
        _count = features.Length;
        foreach (var (word, value) in inputs.Distinct[text])
        {
            var grams = inputs.Grams.AsSpan(inputs.GramsOf[word]..inputs.GramsOf[word + 1]);
            Reserve(grams.Length);
            var numbers = _numbers.AsSpan(_count, grams.Length);
            var values = _values.AsSpan(_count, grams.Length);
            for (var i = 0; i < grams.Length; i++)
            {
                numbers[i] = grams[i].Feature;
                values[i] = value * grams[i].Rarity;
            }

            _count += grams.Length;
        }
    }

    /// <summary>Leaves features out at random, and makes up for these in the others.</summary>
    public void Drop(double share, ref SeededBits bits)
    {
        var chance = SeededBits.Chance(share);
        var scale = (float)(1 / (1 - share));
        var kept = 0;
        for (var first = 0; first < _count; first += SeededBits.Count)
        {
            var dropped = bits.Happen(chance);
            for (var i = first; i < Math.Min(_count, first + SeededBits.Count); i++)
            {
                _numbers[kept] = _numbers[i];
                _values[kept] = _values[i] * scale;
                kept += (int)(~dropped & 1);
                dropped >>= 1;
            }
        }

        _count = kept;
    }

    private void Reserve(int more)
    {
        if (_numbers.Length < _count + more)
        {
            Array.Resize(ref _numbers, (_count + more) * 2);
            Array.Resize(ref _values, _numbers.Length);
        }
    }
}
