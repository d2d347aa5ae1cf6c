using System.Text.Json;

namespace TicketAspire.ServiceDefaults.Secrets;

/// <summary>One version of a service's secrets. A class, so that nothing prints the values.</summary>
/// <param name="number">Its number.</param>
/// <param name="values">The values, by configuration key.</param>
internal sealed class SecretVersion(int number, IReadOnlyDictionary<string, string?> values)
{
    /// <summary>Its number in the store, from 1 on.</summary>
    public int Number { get; } = number;

    /// <summary>The values, by configuration key (<c>ConnectionStrings:redis</c>); upper and lower case are the same.</summary>
    public IReadOnlyDictionary<string, string?> Values { get; } = values;

    /// <summary>
    /// Makes configuration of a JSON object: names may be written <c>ConnectionStrings:redis</c>, <c>ConnectionStrings__redis</c>
    /// or as objects in objects; where a key is there in several spellings the one with colons counts.
    /// </summary>
    /// <exception cref="SecretStoreException">It is no object.</exception>
    public static SecretVersion From(int number, JsonElement secret)
    {
        if (secret.ValueKind != JsonValueKind.Object)
        {
            throw new SecretStoreException("A secret must be a JSON object of names and values");
        }

        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var member in secret.EnumerateObject().OrderBy(member => member.Name.Contains(':', StringComparison.Ordinal)))
        {
            Add(values, member.Name.Replace("__", ":", StringComparison.Ordinal), member.Value);
        }

        return new SecretVersion(number, values);
    }

    /// <summary>True if another version holds the same: a number alone does not tell, where a store was set up anew.</summary>
    public bool HoldsTheSame(SecretVersion other) =>
        Values.Count == other.Values.Count
        && Values.All(one => other.Values.TryGetValue(one.Key, out var value) && string.Equals(value, one.Value, StringComparison.Ordinal));

    /// <summary>Its number and keys, not its values.</summary>
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"version {Number} of {string.Join(", ", Values.Keys)}");

    private static void Add(Dictionary<string, string?> values, string key, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    Add(values, $"{key}:{member.Name.Replace("__", ":", StringComparison.Ordinal)}", member.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (var (index, element) in value.EnumerateArray().Index())
                {
                    Add(values, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{key}:{index}"), element);
                }

                break;
            case JsonValueKind.Null:
                values[key] = null;
                break;
            default:
                // Text without its quotes; true and numbers as they are written.
                values[key] = value.ToString();
                break;
        }
    }
}
