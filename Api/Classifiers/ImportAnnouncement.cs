using TicketAspire.Contracts;
using TicketAspire.Storage;

namespace TicketAspire.Api.Classifiers;

/// <summary>Tells on <c>/events</c> how far an import is, a few times a second at most. The import does not wait for it.</summary>
internal sealed class ImportAnnouncement(string classifier, IEventLog events, TimeProvider time) : IProgress<ImportProgress>, IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private Task _telling = Task.CompletedTask;
    private ImportProgress? _untold;
    private long _told;

    /// <inheritdoc/>
    public void Report(ImportProgress value)
    {
        _untold = value;
        if (_telling.IsCompleted && (_told == 0 || time.GetElapsedTime(_told) >= Interval))
        {
            _told = time.GetTimestamp();
            _telling = TellAsync();
        }
    }

    /// <summary>Tells the last of it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _telling;
        await TellAsync();
    }

    private async Task TellAsync()
    {
        if (_untold is not { } progress)
        {
            return;
        }

        _untold = null;
        try
        {
            await events.AppendAsync(
                new ServiceEvent { Type = EventTypes.Import, Classifier = classifier, At = time.GetUtcNow(), Import = progress },
                CancellationToken.None);
        }
        catch (StorageException)
        {
            // Nobody needs it; the import itself says what is wrong with the store.
        }
    }
}
