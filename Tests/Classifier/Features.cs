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
        FeatureWalk.Visit(buffer, view, ref sink);
        return sink.Found;
    }

    private readonly record struct Listing(List<Occurrence> Found) : IFeatureSink
    {
        public void Take(FeatureView view, uint hash, int first, int second) => Found.Add(new Occurrence(hash, first, second));
    }
}
