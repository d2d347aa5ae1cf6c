using System.Diagnostics;
using System.Globalization;
using TicketAspire.Benchmarks.Loop;
using TicketAspire.Classifier;
using TicketAspire.Contracts;
using TicketAspire.Storage;
using TicketAspire.Storage.Sqlite;

namespace TicketAspire.Benchmarks;

/// <summary>How long searches, similar tickets and statistics take among many tickets in SQLite.</summary>
internal static class Searching
{
    private const string Classifier = "tickets";
    private const int TicketsByDefault = 100_000;
    private const int Asked = 200;
    private const int Batch = 500;
    private const double MostMilliseconds = 50;

    public static Task<int> RunAsync(string[] options) => Proof.RunAsync(async (proof, cancellation) =>
    {
        var (count, file) = options switch
        {
            ["--tickets", var number, .. var rest] => (int.Parse(number, CultureInfo.InvariantCulture), rest.FirstOrDefault()),
            _ => (TicketsByDefault, options.FirstOrDefault()),
        };
        using var data = new DataFolder();
        await using var database = SqliteDatabase.Open(data.Database);
        var texts = Growth.Grow(new Measured(file).Examples(), count);
        var adding = await FillAsync(database, texts, cancellation);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{texts.Count:N0} tickets, added by {Batch}: p50 {adding.Median:F1} ms, p95 {adding.At(0.95):F1} ms, all {adding.Sum / 1_000:F1} s; {new FileInfo(data.Database).Length / 1e6:F0} MB"));
        await MeasureAsync(proof, new SqliteTicketLog(database), texts, cancellation);
    });

    private static async Task<Percentiles> FillAsync(SqliteDatabase database, List<LabelledText> texts, CancellationToken cancellation)
    {
        using var packing = new DatasetPacking();
        packing.Add(new Example("a", "a"));
        var hash = (await new SqliteDatasetStore(database, TimeProvider.System).SaveAsync(packing.Finish(), cancellation)).Hash;
        await new SqliteClassifierStore(database, TimeProvider.System).PutAsync(Classifier, LabelKind.Category, hash, cancellation);
        var (store, random, at) = (new SqliteTicketStore(database), new Random(1), DateTimeOffset.UnixEpoch.AddYears(55));
        var times = new List<double>();
        foreach (var some in texts.Chunk(Batch))
        {
            var start = Stopwatch.GetTimestamp();
            await store.AddAsync(
                [
                    .. some.Select(text =>
                    {
                        at = at.AddSeconds(random.Next(1, 300));
                        var agreed = random.NextDouble() < 0.9;
                        var labelled = random.NextDouble() < 0.05;
                        return new Ticket
                        {
                            Id = Guid.CreateVersion7(at).ToString("N"), Classifier = Classifier, Text = text.Text, At = at, Model = random.Next(1, 20),
                            Prediction = agreed ? text.Label : texts[random.Next(texts.Count)].Label, Confidence = random.NextDouble(),
                            Route = random.NextDouble() < 0.8 ? Routes.Auto : Routes.Review,
                            Label = labelled ? text.Label : null, Who = labelled ? Person(random) : null,
                        };
                    }),
                ],
                cancellation);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return new Percentiles(times);
    }

    private static string Person(Random random) => $"person {random.Next(20)}";

    private static async Task MeasureAsync(Proof proof, SqliteTicketLog log, List<LabelledText> texts, CancellationToken cancellation)
    {
        var random = new Random(2);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Asked} questions of each kind"));
        Console.WriteLine("| question | p50 | p95 | longest |");
        Console.WriteLine("|---|---|---|---|");
        var slowest = 0.0;
        foreach (var (name, query) in new (string, Func<TicketLogQuery>)[]
        {
            ("the newest", () => new TicketLogQuery()),
            ("the newest of a category", () => new TicketLogQuery { Prediction = Text().Label }),
            ("corrected ones", () => new TicketLogQuery { Agreed = false }),
            ("of a label", () => new TicketLogQuery { Label = Text().Label }),
            ("labelled by somebody", () => new TicketLogQuery { Who = Person(random) }),
            ("labelled by somebody unknown", () => new TicketLogQuery { Who = "nobody" }),
            ("of a version", () => new TicketLogQuery { Model = random.Next(1, 20) }),
            ("of a version and category", () => new TicketLogQuery { Model = random.Next(1, 20), Prediction = Text().Label }),
            ("of a version that answered nothing", () => new TicketLogQuery { Model = 1_000 }),
            ("of such a version, one route", () => new TicketLogQuery { Model = 1_000, Route = Routes.Auto }),
            ("of such a version, one category", () => new TicketLogQuery { Model = 1_000, Prediction = Text().Label }),
            ("before a day", () => new TicketLogQuery { To = DateTimeOffset.UnixEpoch.AddYears(55).AddDays(random.Next(100)) }),
            ("one word", () => new TicketLogQuery { Search = Words(1) }),
            ("two words of a ticket", () => new TicketLogQuery { Search = Words(2) }),
            ("three words, one route", () => new TicketLogQuery { Search = Words(3), Route = Routes.Review }),
            ("a beginning of two letters", () => new TicketLogQuery { Search = Words(1)[..2] }),
            ("a word, by somebody", () => new TicketLogQuery { Search = Words(1), Who = Person(random) }),
            ("a word that is nowhere", () => new TicketLogQuery { Search = "zzyzx" + random.Next(1_000_000) }),
        })
        {
            slowest = Math.Max(
                slowest, await P95Async(name, () => log.SearchAsync(query() with { Classifier = Classifier }, cancellation)));
        }

        foreach (var (name, query) in new (string, TicketLogQuery)[]
        {
            ("of a category", new TicketLogQuery { Prediction = Text().Label }),
            ("of a label nobody gave", new TicketLogQuery { Label = "nothing" }),
            ("labelled by somebody unknown", new TicketLogQuery { Who = "nobody" }),
            ("of a version that answered nothing", new TicketLogQuery { Model = 1_000 }),
        })
        {
            slowest = Math.Max(slowest, await P95Async($"of all classifiers: {name}", () => log.SearchAsync(query, cancellation)));
        }

        var similar = await P95Async("similar to a ticket", () =>
            log.SimilarAsync(new SimilarityQuery(Text().Text) { Classifier = Classifier }, cancellation));
        await P95Async("statistics of a week by day", () =>
        {
            var from = DateTimeOffset.UnixEpoch.AddYears(55).AddDays(random.Next(30));
            return log.StatisticsAsync(new StatisticsQuery(from, from.AddDays(7), StatisticsInterval.Day) { Classifier = Classifier }, cancellation);
        });
        await P95Async(
            "statistics of a year by day",
            () =>
            {
                var from = DateTimeOffset.UnixEpoch.AddYears(55);
                return log.StatisticsAsync(new StatisticsQuery(from, from.AddDays(365), StatisticsInterval.Day) { Classifier = Classifier }, cancellation);
            },
            asked: 5);

        Promise("every kind of search", slowest);
        Promise("similar tickets", similar);

        void Promise(string what, double p95) => proof.Promise(
            string.Create(CultureInfo.InvariantCulture, $"{what}: under {MostMilliseconds} ms at p95"),
            string.Create(CultureInfo.InvariantCulture, $"{p95:F1} ms"),
            p95 < MostMilliseconds);

        LabelledText Text() => texts[random.Next(texts.Count)];

        // Longer than a letter or two: what somebody would search for.
        string Words(int count)
        {
            while (true)
            {
                string[] words = [.. Text().Text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(word => word.Length > 2 && word.All(char.IsLetter))];
                if (words.Length >= count)
                {
                    return string.Join(' ', Enumerable.Range(0, count).Select(_ => words[random.Next(words.Length)]));
                }
            }
        }
    }

    private static async Task<double> P95Async(string name, Func<Task> ask, int asked = Asked)
    {
        var times = new List<double>();
        await ask();
        for (var i = 0; i < asked; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await ask();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        var sorted = new Percentiles(times);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| {name} | {sorted.Median:F1} ms | {sorted.At(0.95):F1} ms | {sorted.Max:F1} ms |"));
        return sorted.At(0.95);
    }
}
