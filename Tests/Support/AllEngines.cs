using TicketAspire.Classifier.Engines;
using TicketAspire.Classifier.MLNet;

namespace TicketAspire.Tests.Support;

/// <summary>The engines that Inference and the retrainer have.</summary>
internal static class AllEngines
{
    public static readonly EngineCatalog Catalog = new(new OwnEngine(), new MLNetEngine());
}
