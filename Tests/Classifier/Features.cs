using TicketAspire.Classifier.Features;
using TicketAspire.Classifier.Text;

namespace TicketAspire.Tests.Classifier;

/// <summary>One occurrence of a feature: its hash and the words it was found in.</summary>
internal readonly record struct Occurrence(uint Hash, int First, int Second);

/// <summary>The features of a text, listed.</summary>
internal static class Features
{
    public static List<Occurrence> Of(string text, FeatureView view)
    {
        var buffer = new TokenBuffer();
        buffer.Read(text);
        var sink = new Listing([]);
        if (view == FeatureView.Characters)
        {
            var grams = new Listing([]);
            for (var word = 0; word < buffer.Count; word++)
            {
                grams.Found.Clear();
                FeatureWalk.VisitGrams(buffer[buffer.Tokens[word]], ref grams);
                sink.Found.AddRange(grams.Found.Select(found => new Occurrence(found.Hash, word, word)));
            }
        }
        else
        {
            var words = new uint[buffer.Count];
            for (var word = 0; word < words.Length; word++)
            {
                words[word] = FeatureWalk.HashWord(buffer[buffer.Tokens[word]]);
            }

            FeatureWalk.VisitWords(words, view.Reach(), ref sink);
        }

        return sink.Found;
    }

    /// <summary>The matrix of some texts on one thread.</summary>
    public static FeatureMatrix Matrix(IReadOnlyList<string> texts, FeatureView view, int leastTexts, int threads = 1)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads };
        return FeatureMatrix.Build(WordVocabulary.Of(texts, parallel), view, leastTexts, parallel);
    }

    private readonly record struct Listing(List<Occurrence> Found) : IFeatureSink
    {
        public void Take(uint hash, int first, int second) => Found.Add(new Occurrence(hash, first, second));
    }
}
