using TicketAspire.Classifier.MLNet;

namespace TicketAspire.Classifier.Engines;

/// <content>ML.NET among the engines.</content>
public static partial class EngineCatalog
{
    static partial void AddMLNet(List<Engine> engines) => engines.Add(new MLNetEngine());
}
