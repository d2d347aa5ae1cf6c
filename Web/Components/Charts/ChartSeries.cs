namespace TicketAspire.Web.Components.Charts;

/// <summary>One series of a chart.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Values">A value for each interval or part; null where there is none.</param>
/// <param name="Colour">A class of app.css: <c>colour-1</c> to <c>colour-8</c>, <c>good</c>, <c>warn</c>, <c>bad</c> or <c>other</c>.</param>
public sealed record ChartSeries(string Name, IReadOnlyList<double?> Values, string Colour)
{
    /// <summary>So many colours can be told apart.</summary>
    public const int Colours = 8;

    /// <summary>A series of counts.</summary>
    public static ChartSeries Of(string name, IReadOnlyList<long> counts, string colour) =>
        new(name, [.. counts.Select(count => (double?)count)], colour);

    /// <summary>Counts by name, the first of them in colours of their own, and all the others together.</summary>
    /// <param name="all">The most frequent first.</param>
    public static IReadOnlyList<ChartSeries> Of(IReadOnlyList<Contracts.CountSeries> all)
    {
        var own = all.Count <= Colours ? all.Count : Colours - 1;
        var series = all.Take(own).Select((one, i) => Of(one.Name, one.Counts, ColourOf(i))).ToList();
        if (own < all.Count)
        {
            var rest = all.Skip(own).ToArray();
            series.Add(Of(
                $"{rest.Length} others", [.. Enumerable.Range(0, rest[0].Counts.Count).Select(i => rest.Sum(one => one.Counts[i]))], "other"));
        }

        return series;
    }

    /// <summary>One of the colours.</summary>
    public static string ColourOf(int number) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"colour-{(number % Colours) + 1}");
}
