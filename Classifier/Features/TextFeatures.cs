namespace TicketAspire.Classifier.Features;

/// <summary>Gathers the distinct features of one text and view, sorted, with their counts.</summary>
internal struct FeatureCounts() : IFeatureSink
{
    private uint[] _hashes = new uint[1024];
    private int _count;

    public void Take(FeatureView view, uint hash, int first, int second)
    {
        if (_count == _hashes.Length)
        {
            Array.Resize(ref _hashes, _hashes.Length * 2);
        }

        _hashes[_count++] = hash;
    }

    /// <summary>The distinct features in ascending order and how often each occurs; ready for the next text afterwards.</summary>
    public TextFeatures Take()
    {
        var all = _hashes.AsSpan(0, _count);
        all.Sort();
        var distinct = 0;
        for (var i = 0; i < all.Length; i++)
        {
            distinct += i == 0 || all[i] != all[i - 1] ? 1 : 0;
        }

        var features = new TextFeatures(new uint[distinct], new ushort[distinct]);
        var last = -1;
        for (var i = 0; i < all.Length; i++)
        {
            if (i == 0 || all[i] != all[i - 1])
            {
                features.Hashes[++last] = all[i];
            }

            if (features.Counts[last] < ushort.MaxValue)
            {
                features.Counts[last]++;
            }
        }

        _count = 0;
        return features;
    }
}

/// <summary>The distinct features of one text and view.</summary>
/// <param name="Hashes">Ascending.</param>
/// <param name="Counts">How often each occurs in the text.</param>
internal readonly record struct TextFeatures(uint[] Hashes, ushort[] Counts);
