using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace TicketAspire.ServiceDefaults.Http;

/// <summary>Typed clients of the other services, addressed by name.</summary>
public static class ServiceClients
{
    /// <summary>
    /// How long a connection is used. Replicas come and go behind one name: one that is about to end is told of so long before
    /// (the wait before the signal, in aspire-manifest), and new ones shall have their share.
    /// </summary>
    public static readonly TimeSpan ConnectionLife = TimeSpan.FromSeconds(5);

    private static readonly HttpRequestOptionsKey<bool> LongKey = new("TicketAspire.TakesLong");
    private static readonly HttpRequestOptionsKey<bool> PureKey = new("TicketAspire.IsPure");

    extension(HttpRequestMessage request)
    {
        /// <summary>Whether the answer may take minutes, as that to a large file.</summary>
        public bool TakesLong
        {
            get => request.Options.TryGetValue(LongKey, out var takesLong) && takesLong;
            set => request.Options.Set(LongKey, value);
        }

        /// <summary>Whether it changes nothing, so that it may be sent again when its answer got lost.</summary>
        public bool IsPure
        {
            get => request.Method == HttpMethod.Get || (request.Options.TryGetValue(PureKey, out var isPure) && isPure);
            set => request.Options.Set(PureKey, value);
        }
    }

    /// <summary>
    /// Adds <typeparamref name="T"/> with an <see cref="HttpClient"/> whose base address is that of the named service:
    /// <c>services:{name}:http:0</c> in the configuration, the variable that Aspire and Aspirate set
    /// (<c>services__{name}__http__0</c>).
    /// </summary>
    /// <param name="services">Where to add it.</param>
    /// <param name="name">The service: <c>api</c> or <c>inference</c>.</param>
    /// <param name="streaming">True for long-lived answers: no retries and no time limit but the caller's.</param>
    public static IHttpClientBuilder AddServiceClient<T>(this IServiceCollection services, string name, bool streaming = false)
        where T : class
    {
        var client = services.AddHttpClient<T>((provider, http) =>
        {
            http.BaseAddress = Address(provider.GetRequiredService<IConfiguration>(), name);
            // The resilience pipeline sets the time limit.
            http.Timeout = Timeout.InfiniteTimeSpan;
        });
        client.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(2),
            PooledConnectionLifetime = ConnectionLife,
            UseCookies = false,
        });
        client.RemoveAllLoggers();
        if (!streaming)
        {
            client.Services.TryAddSingleton<ResilienceRegistry>();
            client.AddHttpMessageHandler(provider => new ResilienceHandler(provider.GetRequiredService<ResilienceRegistry>(), name));
        }

        return client;
    }

    private static Uri Address(IConfiguration configuration, string name)
    {
        var address = configuration[$"services:{name}:http:0"] ?? configuration[$"services:{name}:https:0"]
            ?? $"http://localhost:{configuration.GetValue($"Ports:{name}", DefaultPorts.Of(name))}";
        return new Uri(address);
    }
}
