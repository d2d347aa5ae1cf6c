using TicketAspire.Contracts;
using TicketAspire.Storage;

// So that every test sees it.
namespace TicketAspire.Tests;

/// <summary>Data sets that are at hand as lists.</summary>
internal static class SavedDatasets
{
    /// <summary>Stores the examples in this order.</summary>
    public static async Task<DatasetInfo> SaveAsync(
        this IDatasetStore datasets, IReadOnlyList<Example> examples, CancellationToken cancellation)
    {
        using var packing = new DatasetPacking();
        packing.AddAll(examples);
        return await datasets.SaveAsync(packing.Finish(), cancellation);
    }
}
