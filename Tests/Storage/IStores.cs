using TicketAspire.Storage;
using TicketAspire.Tests.Support;

namespace TicketAspire.Tests.Storage;

/// <summary>All stores of one kind on the same data: what the contract tests ask of a kind of store.</summary>
public interface IStores
{
    /// <summary>The clock of all stores here.</summary>
    ManualTime Time { get; }

    IClassifierStore Classifiers { get; }

    IDatasetStore Datasets { get; }

    ITicketStore Tickets { get; }

    ITicketLog Log { get; }

    IFeedbackStore Feedback { get; }

    IModelStore Models { get; }

    IRunStore Runs { get; }

    IEventLog Events { get; }

    IShadowStore Shadows { get; }

    ITrainingCache Cache { get; }

    IRollupStore Rollups { get; }

    IDriftStore Drift { get; }
}

/// <summary>A fresh, empty place for data, and any number of ways into it; disposing of it leaves nothing behind.</summary>
public interface IStoreSite : IAsyncDisposable
{
    ManualTime Time { get; }

    /// <summary>Stores on the same data that share nothing else with the others opened here, as in another process.</summary>
    IStores Open();
}
