using TicketAspire.Contracts;
using TicketAspire.Storage;

namespace TicketAspire.Tests.Storage;

/// <summary>A fresh, empty ticket log and the way in which tickets and labels get into it; disposing of it leaves nothing behind.</summary>
public interface ITicketLogSite : IAsyncDisposable
{
    ITicketLog Log { get; }

    /// <summary>Begins, before anything else.</summary>
    ValueTask StartAsync() => ValueTask.CompletedTask;

    /// <summary>Adds tickets; resolves when they can be found.</summary>
    Task AddAsync(IReadOnlyList<Ticket> tickets, CancellationToken cancellation);

    /// <summary>Gives a ticket a label; resolves when it can be found.</summary>
    Task LabelAsync(FeedbackEntry entry, CancellationToken cancellation);
}

/// <summary>A store that is its own log, read as another process sees it.</summary>
public sealed class StoresLogSite(IStoreSite site) : ITicketLogSite
{
    private readonly IStores _stores = site.Open();
    private readonly HashSet<string> _classifiers = [];

    public ITicketLog Log { get; } = site.Open().Log;

    public async Task AddAsync(IReadOnlyList<Ticket> tickets, CancellationToken cancellation)
    {
        foreach (var name in tickets.Select(ticket => ticket.Classifier).Where(_classifiers.Add))
        {
            var dataset = await _stores.Datasets.SaveAsync([new Example("about a", "a"), new Example("about b", "b")], cancellation);
            await _stores.Classifiers.PutAsync(name, LabelKind.Category, dataset.Hash, cancellation);
        }

        await _stores.Tickets.AddAsync(tickets, cancellation);
    }

    public Task LabelAsync(FeedbackEntry entry, CancellationToken cancellation) => _stores.Feedback.AddAsync(entry, null, cancellation);

    public ValueTask DisposeAsync() => site.DisposeAsync();
}
