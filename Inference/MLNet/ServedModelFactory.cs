using TicketAspire.Classifier;
using TicketAspire.Classifier.MLNet;
using TicketAspire.Inference.MLNet;

namespace TicketAspire.Inference.Champions;

/// <content>A pool for each ML.NET model.</content>
internal sealed partial class ServedModelFactory
{
    static partial void Pool(ref TextModel model)
    {
        if (model is MLNetModel trained)
        {
            model = trained.With(new PooledEngines(trained.Pipeline));
        }
    }
}
