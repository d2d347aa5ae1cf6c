using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using TicketAspire.Api;
using TicketAspire.Inference;
using TicketAspire.Retrainer;
using TicketAspire.ServiceDefaults;
using TicketAspire.ServiceDefaults.Starting;
using TicketAspire.Storage;
using TicketAspire.Storage.Elasticsearch;
using TicketAspire.Storage.Redis;
using TicketAspire.Web;

namespace TicketAspire.Standalone;

/// <summary>The four services, started in the order in which they need one another and stopped in the opposite one.</summary>
internal sealed class StandaloneServices : IAsyncDisposable
{
    private const string FormatKey = "Logging:Console:FormatterName";
    private const string RedisKey = $"ConnectionStrings:{RedisRegistration.ConnectionStringName}";
    private const string ElasticsearchKey = $"ConnectionStrings:{ElasticsearchOptions.ConnectionStringName}";

    private readonly List<(string Name, WebApplication App, string Address)> _running = [];
    private readonly IConfiguration _configuration;
    private readonly string[] _args;
    private string? _redis;
    private string? _doubt;

    private StandaloneServices(string[] args)
    {
        _args = args;
        _configuration = new ConfigurationBuilder()
            .SetBasePath(AppContext.BaseDirectory)
            .AddJsonFile("appsettings.json", optional: true)
            .AddEnvironmentVariables()
            .AddCommandLine(args, new Dictionary<string, string> { ["--redis"] = RedisKey, ["--elasticsearch"] = ElasticsearchKey })
            .Build();
    }

    private string DatabasePath => Path.GetFullPath(StorageRegistration.PathOf(_configuration));

    /// <summary>Starts all, or none.</summary>
    /// <exception cref="StartException">A port is taken, the data folder cannot be written, or a setting is wrong.</exception>
    public static async Task<StandaloneServices> StartAsync(string[] args)
    {
        var services = new StandaloneServices(args);
        try
        {
            await services.CheckRedisAsync();
            var inference = await services.StartAsync("Inference", InferenceService.Build, []);
            var api = await services.StartAsync("Api", ApiService.Build, [$"--services:inference:http:0={inference}"]);
            await services.StartAsync("Web", WebService.Build, [$"--services:api:http:0={api}"]);
            // The last: where another cannot start, nothing shall have begun. Its port is known only now.
            var retrainer = await services.StartAsync("Retrainer", RetrainerService.Build, []);
            services.Find("Api").Configuration["services:retrainer:http:0"] = retrainer;
            return services;
        }
        catch
        {
            await services.DisposeAsync();
            throw;
        }
    }

    /// <summary>Says where everything is.</summary>
    public void Print()
    {
        var purposes = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Web"] = "the pages: open this",
            ["Api"] = "the public API, documented at /swagger",
            ["Inference"] = "the model service: POST /predict",
            ["Retrainer"] = "learns from corrections, compares models",
        };
        Console.WriteLine("TicketAspire");
        foreach (var (name, _, address) in _running.OrderBy(service => DefaultPorts.Of(service.Name.ToLowerInvariant())))
        {
            Console.WriteLine($"  {name,-10} {address,-24} {purposes[name]}");
        }

        Console.WriteLine($"  {"Data",-10} {(_redis is null ? DatabasePath : $"Redis at {_redis}")}");
        if (_doubt is not null)
        {
            Console.WriteLine($"  {"Warning",-10} {_doubt}");
        }
    }

    /// <summary>Shows what is trained until the system is ready, and waits.</summary>
    /// <param name="stopping">Ends it.</param>
    public async Task FollowTrainingAsync(CancellationToken stopping)
    {
        using var api = new HttpClient { BaseAddress = new Uri(_running.Single(service => service.Name == "Api").Address), Timeout = Timeout.InfiniteTimeSpan };
        try
        {
            await new TrainingConsole(api, Console.Out, _configuration.GetValue("Retraining:StarterData", defaultValue: true)).FollowAsync(stopping);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stopping);
        }
        catch (OperationCanceledException)
        {
            // The system stops.
        }
    }

    /// <summary>Stops all; requests in flight are finished.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var (_, app, _) in Enumerable.Reverse(_running))
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }

        _running.Clear();
    }

    // A service waits for a server that is away. A person at a console wants to know.
    private async Task CheckRedisAsync()
    {
        if (!_configuration.UsesRedis())
        {
            return;
        }

        try
        {
            (_redis, _doubt) = await RedisDurability.LookAsync(_configuration[RedisKey]!, CancellationToken.None);
        }
        catch (StorageException exception)
        {
            throw new StartException($"{exception.Message}. --redis names the server, host:port");
        }
    }

    // Resolves to the address that others reach it at. The command line goes last: what is passed here wins over ASPNETCORE_URLS.
    private async Task<string> StartAsync(string name, Func<string[], WebApplication> build, string[] extra)
    {
        var port = Port(name);
        try
        {
            var host = _configuration["Host"] ?? "localhost";
            // "localhost" cannot be bound to any free port, as that may differ between IPv4 and IPv6.
            var url = $"http://{(port == 0 && host == "localhost" ? "127.0.0.1" : host)}:{port}";
            var app = build([.. _args, .. extra, $"--urls={url}", $"--Storage:Path={DatabasePath}", $"--{RedisKey}={_configuration[RedisKey]}", $"--{ElasticsearchKey}={_configuration[ElasticsearchKey]}", $"--{FormatKey}={_configuration[FormatKey] ?? "plain"}"]);
            try
            {
                await app.StartAsync();
            }
            catch
            {
                await app.DisposeAsync();
                throw;
            }

            var bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
            var address = bound.Replace("//*", "//localhost", StringComparison.Ordinal)
                .Replace("//0.0.0.0", "//localhost", StringComparison.Ordinal)
                .Replace("//[::]", "//localhost", StringComparison.Ordinal);
            _running.Add((name, app, address));
            return address;
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException)
        {
            throw new StartException($"Port {port} ({name}) is in use already. Choose another: --Ports:{name} {port + 1}");
        }
        catch (Exception exception) when (StartProblem.Of(name, exception) is { } problem)
        {
            throw new StartException(problem);
        }
    }

    private WebApplication Find(string name) => _running.Single(service => service.Name == name).App;

    private int Port(string name)
    {
        var configured = _configuration[$"Ports:{name}"];
        return configured is null ? DefaultPorts.Of(name.ToLowerInvariant())
            : ushort.TryParse(configured, System.Globalization.CultureInfo.InvariantCulture, out var port) ? port
            : throw new StartException($"Ports:{name} is '{configured}'; a port is a number from 0 to 65535.");
    }
}
