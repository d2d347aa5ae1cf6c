using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using TicketAspire.Contracts;

namespace TicketAspire.Benchmarks.Loop;

/// <summary>One classifier of a running host, over HTTP as any client reaches it.</summary>
internal sealed class HostClient : IDisposable
{
    private const int LongestPage = 200;
    private static readonly TimeSpan StartingTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan TrainingTime = TimeSpan.FromMinutes(3);

    private readonly HttpClient _http = new();
    private readonly Uri _api;
    private readonly Uri _inference;

    public HostClient(HostProcess host, string classifier)
    {
        (_api, _inference, Classifier) = (host.Api, host.Inference, classifier);
        Predict = new Uri(_inference, $"classifiers/{classifier}/predict");
        Record = Address("predict");
    }

    public string Classifier { get; }

    /// <summary>Inference's address for one text.</summary>
    public Uri Predict { get; }

    /// <summary>The Api's address for one text, which records a ticket.</summary>
    public Uri Record { get; }

    /// <summary>Imports a CSV and waits until the model that comes of it serves.</summary>
    public async Task ImportAsync(Stream csv, CancellationToken cancellation)
    {
        using var content = new StreamContent(csv) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } };
        using var response = await _http.PostAsync(Address("dataset"), content, cancellation);
        var import = await ReadAsync(response, ContractsJson.Default.ImportResponse, cancellation);
        var run = await EndOfRunAsync(import.Run.Id, cancellation);
        await ServesAsync(run.Model ?? throw new HostException($"The first run failed: {run.Reason}"), cancellation);
    }

    /// <summary>What Inference serves, of all classifiers.</summary>
    public Task<IReadOnlyList<ServedClassifier>> ServedAsync(CancellationToken cancellation) =>
        GetAsync(new Uri(_inference, "classifiers"), ContractsJson.Default.IReadOnlyListServedClassifier, cancellation);

    /// <summary>Waits until Inference serves this version.</summary>
    public Task ServesAsync(int version, CancellationToken cancellation) =>
        Waiting.UntilAsync(
            $"version {version} serves",
            TrainingTime,
            async () => (await ServedAsync(cancellation)).Any(served => served.Name == Classifier && served.Model == version),
            cancellation);

    /// <summary>Waits until the Api answers at all.</summary>
    public Task AliveAsync(CancellationToken cancellation) =>
        Waiting.UntilAsync(
            "the Api is alive",
            StartingTime,
            async () =>
            {
                using var response = await _http.GetAsync(new Uri(_api, "alive"), cancellation);
                return response.IsSuccessStatusCode;
            },
            cancellation);

    /// <summary>Waits until Inference says that every classifier can be asked.</summary>
    public Task ReadyAsync(CancellationToken cancellation) =>
        Waiting.UntilAsync(
            "every classifier has a model",
            TrainingTime,
            async () =>
            {
                using var response = await _http.GetAsync(new Uri(_inference, "ready"), cancellation);
                return response.IsSuccessStatusCode
                    && (await response.Content.ReadFromJsonAsync(ContractsJson.Default.HealthResponse, cancellation))?.Status == "ok";
            },
            cancellation);

    /// <summary>Waits until no run is under way and too little feedback is unseen to start another.</summary>
    public async Task<ClassifierSummary> QuietAsync(TimeSpan limit, CancellationToken cancellation)
    {
        ClassifierSummary? summary = null;
        await Waiting.UntilAsync(
            "all feedback is trained in",
            limit,
            async () =>
            {
                summary = await SummaryAsync(cancellation);
                return summary.Run is null && summary.Unseen < summary.RetrainAfter;
            },
            cancellation);
        return summary!;
    }

    public Task<ClassifierSummary> SummaryAsync(CancellationToken cancellation) =>
        GetAsync(new Uri(_api, $"classifiers/{Classifier}"), ContractsJson.Default.ClassifierSummary, cancellation);

    /// <summary>Inference's answer to one text.</summary>
    public async Task<PredictionResponse> PredictAsync(string text, CancellationToken cancellation) =>
        JsonSerializer.Deserialize(await AnswerAsync(text, cancellation), ContractsJson.Default.PredictionResponse)!;

    /// <summary>The same as it comes.</summary>
    public async Task<byte[]> AnswerAsync(string text, CancellationToken cancellation)
    {
        using var response = await _http.PostAsJsonAsync(Predict, new PredictRequest(text), ContractsJson.Default.PredictRequest, cancellation);
        var answer = await response.Content.ReadAsByteArrayAsync(cancellation);
        return response.IsSuccessStatusCode
            ? answer
            : throw new HostException($"Inference answered {(int)response.StatusCode} {System.Text.Encoding.UTF8.GetString(answer)}");
    }

    /// <summary>Classifies many texts at once through the Api.</summary>
    /// <returns>How many tickets were recorded.</returns>
    public async Task<int> RecordAsync(IEnumerable<string> texts, CancellationToken cancellation)
    {
        using var response = await _http.PostAsJsonAsync(
            Address("predict/batch"), [.. texts.Select(text => new PredictRequest(text))], ContractsJson.Default.PredictRequestArray, cancellation);
        response.EnsureSuccessStatusCode();
        using var answers = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancellation), default, cancellation);
        return answers.RootElement.EnumerateArray().Count(answer => answer.TryGetProperty("id", out var _));
    }

    /// <summary>What the Api says of its health, by what is not well.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ReasonsAsync(CancellationToken cancellation) =>
        (await GetAsync(new Uri(_api, "health"), ContractsJson.Default.HealthResponse, cancellation)).Reasons
            ?? new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>How many a full buffer has dropped in the last hour, as the operations page counts them.</summary>
    public async Task<long> DroppedAsync(string buffer, CancellationToken cancellation)
    {
        var report = await GetAsync(
            new Uri(_api, $"operations?classifier={Classifier}&range=1h"), ContractsJson.Default.OperationsReport, cancellation);
        return report.Dropped.Where(series => series.Name == buffer).Sum(series => series.Counts.Sum());
    }

    /// <summary>Sends one correction and reads its acknowledgement.</summary>
    public async Task<FeedbackResponse> CorrectAsync(FeedbackRequest correction, string? key, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Address("feedback"))
        {
            Content = JsonContent.Create(correction, ContractsJson.Default.FeedbackRequest),
        };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        using var response = await _http.SendAsync(request, cancellation);
        return await ReadAsync(response, ContractsJson.Default.FeedbackResponse, cancellation);
    }

    /// <summary>All feedback there is, page by page.</summary>
    public async IAsyncEnumerable<FeedbackEntry> FeedbackAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        string? next = null;
        do
        {
            var before = next is null ? string.Empty : $"&before={next}";
            var page = await GetAsync(Address($"feedback?limit={LongestPage}{before}"), ContractsJson.Default.PageFeedbackEntry, cancellation);
            foreach (var entry in page.Items)
            {
                yield return entry;
            }

            next = page.Next;
        }
        while (next is not null);
    }

    /// <summary>The newest runs.</summary>
    public Task<IReadOnlyList<RetrainingRun>> RunsAsync(CancellationToken cancellation) =>
        GetAsync(Address($"runs?limit={LongestPage}"), ContractsJson.Default.IReadOnlyListRetrainingRun, cancellation);

    /// <summary>Trains now and waits for the end.</summary>
    public async Task<RetrainingRun> RetrainAsync(CancellationToken cancellation)
    {
        using var response = await _http.PostAsync(Address("retrain"), content: null, cancellation);
        var run = await ReadAsync(response, ContractsJson.Default.RetrainingRun, cancellation);
        return await EndOfRunAsync(run.Id, cancellation);
    }

    /// <summary>Puts a version in service.</summary>
    public async Task<ModelInfo> PromoteAsync(int version, CancellationToken cancellation)
    {
        using var response = await _http.PostAsync(Address($"models/{version}/promote"), content: null, cancellation);
        return await ReadAsync(response, ContractsJson.Default.ModelInfo, cancellation);
    }

    /// <summary>A version's record.</summary>
    public Task<ModelInfo> ModelAsync(int version, CancellationToken cancellation) =>
        GetAsync(Address($"models/{version}"), ContractsJson.Default.ModelInfo, cancellation);

    /// <summary>A version's file.</summary>
    public Task<byte[]> ModelFileAsync(int version, CancellationToken cancellation) =>
        _http.GetByteArrayAsync(Address($"models/{version}/file"), cancellation);

    public void Dispose() => _http.Dispose();

    private Uri Address(string path) => new(_api, $"classifiers/{Classifier}/{path}");

    private async Task<RetrainingRun> EndOfRunAsync(long id, CancellationToken cancellation)
    {
        RetrainingRun? run = null;
        await Waiting.UntilAsync(
            $"run {id} ends",
            TrainingTime,
            async () =>
            {
                run = await GetAsync(Address($"runs/{id}"), ContractsJson.Default.RetrainingRun, cancellation);
                return run.EndedAt is not null;
            },
            cancellation);
        return run!;
    }

    private async Task<T> GetAsync<T>(Uri address, JsonTypeInfo<T> type, CancellationToken cancellation)
        where T : class
    {
        using var response = await _http.GetAsync(address, cancellation);
        return await ReadAsync(response, type, cancellation);
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellation)
        where T : class =>
        response.IsSuccessStatusCode
            ? (await response.Content.ReadFromJsonAsync(type, cancellation))!
            : throw new HostException(
                $"{response.RequestMessage?.RequestUri} answered {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(cancellation)}");
}
