using TicketAspire.Contracts;
using TicketAspire.Storage.Sqlite;

namespace TicketAspire.Storage.Redis;

/// <summary>The tickets in Redis as a log: searched in this process's own copy of them, which <see cref="RedisTicketIndex"/> keeps up to date.</summary>
public sealed class RedisTicketLog(RedisTicketIndex index) : ITicketLog
{
    /// <inheritdoc/>
    public async Task<Page<Ticket>> SearchAsync(TicketLogQuery query, CancellationToken cancellation) =>
        await (await PresentAsync(cancellation)).SearchAsync(query, cancellation);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SimilarTicket>> SimilarAsync(SimilarityQuery query, CancellationToken cancellation) =>
        await (await PresentAsync(cancellation)).SimilarAsync(query, cancellation);

    /// <inheritdoc/>
    public async Task<TicketStatistics> StatisticsAsync(StatisticsQuery query, CancellationToken cancellation) =>
        await (await PresentAsync(cancellation)).StatisticsAsync(query, cancellation);

    private async Task<SqliteTicketLog> PresentAsync(CancellationToken cancellation) => new(await index.PresentAsync(cancellation));
}
