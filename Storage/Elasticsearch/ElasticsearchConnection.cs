using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Polly;
using Polly.CircuitBreaker;

namespace TicketAspire.Storage.Elasticsearch;

/// <summary>
/// Elasticsearch over HTTP. Nothing is asked until somebody asks. Searches are not sent while it is known to be away, so that
/// those who search do not hold up those who do not.
/// </summary>
public sealed class ElasticsearchConnection : IDisposable
{
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(3);

    /// <summary>So long a connection is used, so that a changed address is noticed.</summary>
    private static readonly TimeSpan ConnectionLife = TimeSpan.FromMinutes(5);

    /// <summary>How long nobody searches after two searches in a row have failed.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private const int ConnectionsAtOnce = 16;

    private readonly HttpClient _http;
    private readonly ResiliencePipeline _breaker;
    private volatile ElasticsearchOptions _options;
    private IDisposable? _following;

    /// <summary>Prepares a connection.</summary>
    /// <exception cref="StorageException">The CA file cannot be read.</exception>
    public ElasticsearchConnection(ElasticsearchOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _http = new HttpClient(Handler(options)) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        _breaker = new ResiliencePipelineBuilder()
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<StorageException>(),
                FailureRatio = 0.5,
                MinimumThroughput = 2,
                SamplingDuration = options.SearchPatience + options.SearchPatience,
                BreakDuration = Pause,
            })
            .Build();
    }

    /// <summary>How it is configured at present.</summary>
    public ElasticsearchOptions Options => _options;

    /// <summary>Follows what is configured, from the next request after a change on: address and credentials.</summary>
    internal void Follow(IConfiguration configuration, IServiceProvider services) =>
        _following = ReloadedSettings.Follow(
            configuration, services, () => _options = _options.WithAccessOf(ElasticsearchOptions.From(configuration)));

    /// <summary>Searches; the answer is a success.</summary>
    /// <param name="path">Path and query, relative to the server.</param>
    /// <param name="body">The search as JSON.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StorageException">It cannot be reached, does not answer in time, or refuses.</exception>
    public async Task<JsonDocument> SearchAsync(string path, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        try
        {
            using var answer = await _breaker.ExecuteAsync(
                async token =>
                {
                    var answer = await SendAsync(HttpMethod.Post, path, ElasticsearchContent.Json(body), Options.SearchPatience, token);
                    return answer.MayPass ? throw answer.Refusal(Options) : answer;
                },
                cancellation);
            return answer.IsSuccess ? answer.TakeBody() : throw answer.Refusal(Options);
        }
        catch (BrokenCircuitException error)
        {
            throw new StorageException($"Elasticsearch at {Options.Address} did not answer just now", error);
        }
    }

    /// <summary>Asks for anything else.</summary>
    /// <exception cref="StorageException">It cannot be reached, or does not answer in time. What it refuses is an answer.</exception>
    internal Task<ElasticsearchAnswer> AskAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellation) =>
        SendAsync(method, path, content, Options.WritePatience, cancellation);

    /// <inheritdoc/>
    public void Dispose()
    {
        _following?.Dispose();
        _http.Dispose();
    }

    private async Task<ElasticsearchAnswer> SendAsync(
        HttpMethod method, string path, HttpContent? content, TimeSpan patience, CancellationToken cancellation)
    {
        var options = _options;
        using var request = new HttpRequestMessage(method, new Uri(options.Address, new Uri(path, UriKind.Relative))) { Content = content };
        request.Headers.Authorization = Authorization(options);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(patience);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            await using var body = await response.Content.ReadAsStreamAsync(limit.Token);
            return await ElasticsearchAnswer.ReadAsync(response.StatusCode, body, limit.Token);
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            throw new StorageException($"Elasticsearch at {options.Address} does not answer in time", error);
        }
        catch (HttpRequestException error) when (error.InnerException is AuthenticationException)
        {
            throw new StorageException(
                $"Elasticsearch at {options.Address} has a certificate that is not trusted here: Elasticsearch:CaFile names who is", error);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw new StorageException($"Elasticsearch at {options.Address} cannot be reached", error);
        }
    }

    private static SocketsHttpHandler Handler(ElasticsearchOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            // Credentials go where they were configured for, and nowhere else.
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectTimeout = ConnectPatience,
            PooledConnectionLifetime = ConnectionLife,
            MaxConnectionsPerServer = ConnectionsAtOnce,
        };
        if (options.CaFile is { } file)
        {
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = Trusting(file) };
        }

        return handler;
    }

    private static X509ChainPolicy Trusting(string file)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new StorageException($"Elasticsearch:CaFile '{file}' cannot be read", error);
        }

        return policy.CustomTrustStore.Count > 0
            ? policy
            : throw new StorageException($"Elasticsearch:CaFile '{file}' holds no certificate in PEM form");
    }

    private static AuthenticationHeaderValue? Authorization(ElasticsearchOptions options) =>
        options.ApiKey is { } key ? new AuthenticationHeaderValue("ApiKey", key)
        : options.User is { } user ? new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{options.Password}")))
        : null;
}
