using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace TicketAspire.Storage.Redis;

/// <summary>
/// The keys that forms are signed with, as a list in Redis: any replica reads what another has signed. A key comes every
/// 90 days, and old ones stay, for they are needed to read what they have signed.
/// </summary>
public sealed class RedisKeyRing(RedisStore store) : IXmlRepository
{
    /// <inheritdoc/>
    public IReadOnlyCollection<XElement> GetAllElements() =>
        [.. Wait(store.AskAsync(database => database.ListRangeAsync(store.Key("keys")), CancellationToken.None))
            .Select(element => XElement.Parse(element.ToString()))];

    /// <inheritdoc/>
    public void StoreElement(XElement element, string friendlyName)
    {
        ArgumentNullException.ThrowIfNull(element);
        Wait(store.ChangeAsync(
            "return redis.call('RPUSH', key('keys'), ARGV[1])", CancellationToken.None, element.ToString(SaveOptions.DisableFormatting)));
    }

    // The interface knows no other way. It is asked at the start and once a day.
    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();
}
