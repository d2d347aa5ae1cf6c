using Microsoft.Extensions.Configuration;

namespace TicketAspire.ServiceDefaults.Settings;

/// <summary>
/// Finds what nobody would read on a command line of settings (<c>--Ports:Web 3001</c>, <c>--Ports:Web=3001</c>). .NET passes
/// over such arguments without a word, and a slip of the keys would go unnoticed.
/// </summary>
public static class CommandLineCheck
{
    /// <summary>How many letters of a slip there may be for a name to be suggested.</summary>
    private const int Slip = 3;

    /// <summary>Refuses a command line with arguments that nobody reads.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="names">The settings that there are; as of <see cref="KnownSettings.Names"/>.</param>
    /// <exception cref="InvalidOperationException">Something is read by nobody, or lacks its value; the message quotes no value.</exception>
    public static void Require(IReadOnlyList<string> args, IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(args);
        string[] known = [.. names];
        for (var i = 0; i < args.Count; i++)
        {
            var argument = args[i];
            // The forms that Microsoft.Extensions.Configuration.CommandLine takes.
            var start = argument.StartsWith("--", StringComparison.Ordinal) ? 2 : argument.StartsWith('/') ? 1 : 0;
            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0 && start == 0)
            {
                // Not quoted: it may be a piece of a password with a blank in it.
                throw new InvalidOperationException($"Argument {i + 1} belongs to no setting: they are written --Key value or --Key=value. --help lists the common ones.");
            }

            var key = equals < 0 ? argument[start..] : argument[start..equals];
            if (key.Contains("__", StringComparison.Ordinal))
            {
                throw new InvalidOperationException(
                    $"'{key}' is a variable's name: on a command line it is --{key.Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal)}.");
            }

            if (!Array.Exists(known, name => KnownSettings.IsMeant(name, key)))
            {
                throw new InvalidOperationException($"No setting is called '{key}'{Suggestion(key, known)}. --help lists the common ones.");
            }

            if (equals < 0)
            {
                i++;
                if (i == args.Count || args[i].StartsWith("--", StringComparison.Ordinal))
                {
                    throw new InvalidOperationException($"--{key} has no value: it is written --{key} value or --{key}=value.");
                }
            }
        }
    }

    private static string Suggestion(string key, IEnumerable<string> known)
    {
        var nearest = known.Where(name => !name.Contains('*', StringComparison.Ordinal))
            .Select(name => (Name: name, Distance: Distance(name.ToUpperInvariant(), key.ToUpperInvariant())))
            .DefaultIfEmpty()
            .MinBy(one => one.Distance);
        return nearest.Name is not null && nearest.Distance <= Math.Min(Slip, key.Length / 2) ? $"; '{nearest.Name}' is" : string.Empty;
    }

    // Levenshtein's: letters to be put in, left out or changed (V. I. Levenshtein, 1966).
    private static int Distance(string one, string other)
    {
        var before = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var row = new int[other.Length + 1];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                row[j] = Math.Min(Math.Min(before[j], row[j - 1]) + 1, before[j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1));
            }

            before = row;
        }

        return before[^1];
    }
}
