using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using TicketAspire.Contracts;
using TicketAspire.Storage;
using TicketAspire.Storage.Redis;

namespace TicketAspire.Benchmarks.Loop;

/// <summary>Start, use and training stay bounded however much feedback there is.</summary>
internal static class FeedbackGrowth
{
    private const string Classifier = "tickets";
    private const string Keys = "ticketaspire-benchmark";
    private const int Writers = 64;
    private const int Used = 50;
    private const double MostTimes = 1.5;

    private static readonly int[] Sizes = [10_000, 100_000, 1_000_000];

    public static Task<int> RunAsync(string[] options) => Proof.RunAsync(async (proof, cancellation) =>
    {
        var redis = options is ["--redis", var server, ..] ? server : null;
        int[] sizes = [.. options.Skip(redis is null ? 0 : 2).Select(size => int.Parse(size, CultureInfo.InvariantCulture))];
        using var data = new DataFolder();
        string[] settings =
        [
            $"--ConnectionStrings:redis={redis}", $"--Storage:Redis:Prefix={Keys}",
            // Trained when it is measured, not before.
            "--Retraining:After=100000000",
        ];
        await using var services = new ServiceCollection()
            .AddStorage(new ConfigurationBuilder().AddCommandLine([.. settings, $"--Storage:Path={data.Database}"]).Build())
            .BuildServiceProvider();
        try
        {
            await MeasureAsync(proof, data, services, settings, sizes.Length == 0 ? Sizes : sizes, cancellation);
        }
        finally
        {
            if (redis is not null)
            {
                await ClearAsync(services.GetRequiredService<RedisStore>());
            }
        }
    });

    private static async Task MeasureAsync(
        Proof proof, DataFolder data, ServiceProvider services, string[] settings, int[] sizes, CancellationToken cancellation)
    {
        await using (var host = await HostProcess.StartAsync(data, settings, cancellation))
        {
            using var client = new HostClient(host, Classifier);
            await new Measured(file: null).ServingAsync(client, cancellation);
        }

        var texts = Growth.Grow(new Measured(file: null).Examples(), sizes.Max());
        var rows = new List<Row>();
        Console.WriteLine("| corrections | written, per second | start until ready | one more, median | classifier's summary, median | run | learned from | peak memory |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        var written = 0;
        foreach (var size in sizes)
        {
            var start = Stopwatch.GetTimestamp();
            await WriteAsync(services.GetRequiredService<IFeedbackStore>(), texts.Skip(written).Take(size - written), cancellation);
            var rate = (size - written) / Stopwatch.GetElapsedTime(start).TotalSeconds;
            written = size;
            var row = await RowAsync(data, settings, cancellation);
            rows.Add(row);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {size:N0} | {rate:N0} | {row.Ready:F1} s | {1000 * row.Add:F1} ms | {1000 * row.Summary:F1} ms | {row.Run:F1} s | {row.Learned:N0} | {row.Peak / 1e6:N0} MB |"));
        }

        var (first, last, before) = (rows[0], rows[^1], rows[Math.Max(0, rows.Count - 2)]);
        proof.Promise(
            $"with {sizes[^1]:N0} it starts in at most {MostTimes} × the time with {sizes[0]:N0}",
            Times(last.Ready / first.Ready), last.Ready <= MostTimes * first.Ready);
        proof.Promise(
            $"a run takes at most {MostTimes} × the time and memory with {sizes[Math.Max(0, rows.Count - 2)]:N0}",
            $"{Times(last.Run / before.Run)}, {Times(last.Peak / before.Peak)}",
            last.Run <= MostTimes * before.Run && last.Peak <= MostTimes * before.Peak);
    }

    private static async Task<Row> RowAsync(DataFolder data, string[] settings, CancellationToken cancellation)
    {
        await using var host = await HostProcess.StartAsync(data, settings, cancellation);
        using var client = new HostClient(host, Classifier);
        await client.ReadyAsync(cancellation);
        var ready = host.Age.TotalSeconds;
        var label = (await client.SummaryAsync(cancellation)).Labels[0];
        var add = await MedianAsync(i => client.CorrectAsync(
            new FeedbackRequest { Text = $"one more {i}", TrueLabel = label }, key: null, cancellation));
        var summary = await MedianAsync(_ => client.SummaryAsync(cancellation));
        var run = await client.RetrainAsync(cancellation);
        var model = run.Model is { } version
            ? await client.ModelAsync(version, cancellation)
            : throw new HostException($"The run failed: {run.Reason}");
        return new Row(ready, add, summary, (run.EndedAt! - run.StartedAt!).Value.TotalSeconds, model.Lineage.Examples, host.PeakResidentBytes);
    }

    private static async Task<double> MedianAsync(Func<int, Task> ask)
    {
        var seconds = new List<double>();
        for (var i = 0; i < Used; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await ask(i);
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return new Percentiles(seconds).Median;
    }

    private static Task WriteAsync(IFeedbackStore store, IEnumerable<TicketAspire.Classifier.LabelledText> texts, CancellationToken cancellation) =>
        Parallel.ForEachAsync(
            texts,
            new ParallelOptions { MaxDegreeOfParallelism = Writers, CancellationToken = cancellation },
            async (text, limit) => await store.AddAsync(
                new FeedbackEntry { Id = 0, Classifier = Classifier, Text = text.Text, Label = text.Label, At = DateTimeOffset.UnixEpoch },
                idempotencyKey: null,
                limit));

    private static async Task ClearAsync(RedisStore store) =>
        await store.AskAsync(
            database => database.ScriptEvaluateAsync(
                """
                local cursor = '0'
                repeat
                    local page = redis.call('SCAN', cursor, 'MATCH', ARGV[1], 'COUNT', 1000)
                    cursor = page[1]
                    for _, key in ipairs(page[2]) do redis.call('UNLINK', key) end
                until cursor == '0'
                """,
                [],
                [$"{store.Key()}*"]),
            CancellationToken.None,
            RedisConnection.FilePatience);

    private static string Times(double times) => string.Create(CultureInfo.InvariantCulture, $"{times:F2} ×");

    private sealed record Row(double Ready, double Add, double Summary, double Run, int Learned, double Peak);
}
