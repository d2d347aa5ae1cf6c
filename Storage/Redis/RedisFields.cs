using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace TicketAspire.Storage.Redis;

/// <summary>A record as Redis holds it: names and values, as of a hash or of a stream's entry.</summary>
internal sealed class RedisFields
{
    private readonly Dictionary<string, RedisValue> _values = new(StringComparer.Ordinal);

    /// <summary>Reads names and values, one after the other.</summary>
    public RedisFields(IReadOnlyList<RedisValue> pairs)
    {
        for (var i = 0; i + 1 < pairs.Count; i += 2)
        {
            _values[(string)pairs[i]!] = pairs[i + 1];
        }
    }

    /// <summary>Reads what a script returns of <c>HGETALL</c> or of a stream's entry; null for nothing.</summary>
    public static RedisFields? Of(RedisResult result) =>
        result.IsNull || (RedisValue[]?)result is not { Length: > 0 } pairs ? null : new RedisFields(pairs);

    /// <summary>Reads a list of such.</summary>
    public static IEnumerable<RedisFields> AllOf(RedisResult result) =>
        ((RedisResult[]?)result ?? []).Select(Of).OfType<RedisFields>();

    /// <summary>Reads stream entries: <c>[id, [name, value, …]]</c> each.</summary>
    public static IEnumerable<(long Id, RedisFields Fields)> Entries(RedisResult result) =>
        ((RedisResult[]?)result ?? []).Select(entry =>
        {
            var parts = (RedisResult[])entry!;
            return (EntryId((string)parts[0]!), new RedisFields((RedisValue[])parts[1]!));
        });

    /// <summary>The number before the dash of a stream entry's id.</summary>
    public static long EntryId(string id) => long.Parse(id.AsSpan(0, id.IndexOf('-', StringComparison.Ordinal)), CultureInfo.InvariantCulture);

    /// <summary>A number that records share only if they are the same, name by name and value by value.</summary>
    public UInt128 Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var (name, value) in _values)
        {
            foreach (var part in new[] { Encoding.UTF8.GetBytes(name), (byte[]?)value ?? [] })
            {
                BinaryPrimitives.WriteInt32LittleEndian(length, part.Length);
                hash.AppendData(length);
                hash.AppendData(part);
            }
        }

        return BinaryPrimitives.ReadUInt128LittleEndian(hash.GetHashAndReset());
    }

    /// <summary>True if there is such a field.</summary>
    public bool Has(string name) => _values.ContainsKey(name);

    /// <summary>A text.</summary>
    public string Text(string name) => TextOrNull(name) ?? throw new InvalidDataException($"A record in Redis has no '{name}'.");

    /// <summary>A text, or null.</summary>
    public string? TextOrNull(string name) => _values.TryGetValue(name, out var value) ? (string?)value : null;

    /// <summary>A number.</summary>
    public long Number(string name) => NumberOrNull(name) ?? 0;

    /// <summary>A number, or null.</summary>
    public long? NumberOrNull(string name) =>
        TextOrNull(name) is { Length: > 0 } text ? long.Parse(text, CultureInfo.InvariantCulture) : null;

    /// <summary>A number with a fraction.</summary>
    public double Fraction(string name) => double.Parse(TextOrNull(name) ?? "0", CultureInfo.InvariantCulture);

    /// <summary>A time.</summary>
    public DateTimeOffset Time(string name) => DateTimeOffset.FromUnixTimeMilliseconds(Number(name));

    /// <summary>A time, or null.</summary>
    public DateTimeOffset? TimeOrNull(string name) =>
        NumberOrNull(name) is { } milliseconds ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;

    /// <summary>An enumeration's member, from a lower-case word.</summary>
    public T Enum<T>(string name)
        where T : struct, Enum => System.Enum.Parse<T>(Text(name), ignoreCase: true);

    /// <summary>The same, or null.</summary>
    public T? EnumOrNull<T>(string name)
        where T : struct, Enum => TextOrNull(name) is { Length: > 0 } word ? System.Enum.Parse<T>(word, ignoreCase: true) : null;
}
