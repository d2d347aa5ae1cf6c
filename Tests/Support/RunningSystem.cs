using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using TicketAspire.Api;
using TicketAspire.Contracts;
using TicketAspire.Inference;
using TicketAspire.Retrainer;
using TicketAspire.Storage;
using TicketAspire.Web;

namespace TicketAspire.Tests.Support;

/// <summary>The four services on one database in a temporary folder. More of the same may be started beside them.</summary>
public sealed class RunningSystem : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ticketaspire-tests-");
    private readonly List<RunningService> _services = [];
    private readonly string[] _args;

    private RunningSystem(string[] args) => _args = args;

    public RunningService Inference { get; private set; } = null!;

    public RunningService Api { get; private set; } = null!;

    public RunningService Web { get; private set; } = null!;

    public RunningService Retrainer { get; private set; } = null!;

    /// <summary>All services, those that were started beside the four included.</summary>
    public IReadOnlyList<RunningService> Services
    {
        get
        {
            lock (_services)
            {
                return [.. _services];
            }
        }
    }

    public string Folder => _folder.FullName;

    public string DatabaseFile => Path.Combine(Folder, "data", "test.db");

    /// <summary>Starts the four with these settings; without the classifiers that come with the system.</summary>
    public static async Task<RunningSystem> StartEmptyAsync(params string[] args)
    {
        var system = new RunningSystem(["--Retraining:StarterData=false", .. args]);
        try
        {
            await system.StartAsync();
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    /// <summary>The same, with one small classifier that is trained in a moment and in service.</summary>
    public static async Task<RunningSystem> StartSmallAsync(string classifier, params string[] args)
    {
        var system = await StartEmptyAsync(args);
        try
        {
            await system.ImportAsync(classifier, SmallClassifier.Csv);
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    /// <summary>The same, with the two classifiers that come with the system, trained and in service.</summary>
    public static async Task<RunningSystem> StartWithStarterDataAsync(params string[] args)
    {
        var system = await StartEmptyAsync(["--Retraining:StarterData=true", .. args]);
        try
        {
            await system.ServesAsync("tickets", 1);
            await system.ServesAsync("intents", 1);
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    /// <summary>A store, as the Api uses it.</summary>
    public T Store<T>()
        where T : notnull => Api.Services.GetRequiredService<T>();

    public Task<RunningService> StartInferenceAsync(params string[] args) => StartAsync(InferenceService.Build, args);

    public Task<RunningService> StartRetrainerAsync(params string[] args) => StartAsync(RetrainerService.Build, args);

    public Task<RunningService> StartApiAsync(params string[] args) => StartAsync(ApiService.Build, args);

    /// <summary>Stops one of the services.</summary>
    public async Task StopAsync(RunningService service)
    {
        lock (_services)
        {
            _services.Remove(service);
        }

        await service.DisposeAsync();
    }

    /// <summary>Imports a CSV and waits until the model that comes of it serves.</summary>
    public async Task<ImportResponse> ImportAsync(string classifier, string csv, string query = "")
    {
        await StoreAnswersAsync();
        using var response = await Api.Http.PostAsync(
            $"classifiers/{classifier}/dataset{query}", HttpCalls.Csv(csv), HttpCalls.Cancellation);
        var import = await response.ReadAsync(ContractsJson.Default.ImportResponse);
        var run = await EndOfRunAsync(import.Run.Id);
        if (run.State != RunState.Promoted)
        {
            throw new InvalidOperationException($"The run ended as {run.State}: {run.Reason}");
        }

        await ServesAsync(classifier, run.Model!.Value);
        return import;
    }

    /// <summary>
    /// Waits until the Api has its store. On a busy machine a new connection to Redis may take longer than a request waits, which
    /// is then put off; an import that is sent twice would train twice.
    /// </summary>
    public Task StoreAnswersAsync() => Eventually.IsSoAsync(
        "the store answers",
        async _ =>
        {
            using var classifiers = await Api.Http.GetAsync("classifiers", HttpCalls.Cancellation);
            return classifiers.IsSuccessStatusCode;
        },
        HttpCalls.Cancellation);

    /// <summary>The first event that is meant, be it past or still to come.</summary>
    public Task<ServiceEvent> EventAsync(string what, Func<ServiceEvent, bool> meant) =>
        Eventually.WithinLimitAsync(
            what,
            async limit =>
            {
                await foreach (var change in Store<IEventLog>().FollowAsync(0, limit))
                {
                    if (meant(change))
                    {
                        return change;
                    }
                }

                throw new InvalidOperationException("The event log ended.");
            },
            HttpCalls.Cancellation);

    /// <summary>Waits until a run has ended, in whatever way.</summary>
    public async Task<RetrainingRun> EndOfRunAsync(long run) =>
        (await EventAsync($"run {run} ends", change => change.Run is { EndedAt: not null } ended && ended.Id == run)).Run!;

    /// <summary>Waits until the model is in Inference's memory.</summary>
    public Task ServesAsync(string classifier, int version, RunningService? inference = null) =>
        Eventually.IsSoAsync(
            $"version {version} of {classifier} serves",
            async _ => (await (inference ?? Inference).Http.GetAsync("classifiers", ContractsJson.Default.IReadOnlyListServedClassifier))
                .Any(served => served.Name == classifier && served.Model == version),
            HttpCalls.Cancellation);

    /// <summary>What is stored, by table: to see that nothing has changed.</summary>
    public string Contents()
    {
        using var connection = Connect();
        return string.Join(", ", new[] { "tickets", "feedback", "datasets", "classifiers", "runs", "models" }.Select(table =>
        {
            using var command = connection.CreateCommand();
            // The names are those above.
            command.CommandText = $"SELECT count(*) FROM {table}";
            return $"{table}: {command.ExecuteScalar()}";
        }));
    }

    /// <summary>The database past all stores, as a failing disk or an administrator sees it.</summary>
    public SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={DatabaseFile};Pooling=False");
        connection.Open();
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in Services.Reverse())
        {
            await StopAsync(service);
        }

        _folder.Delete(recursive: true);
    }

    private async Task StartAsync()
    {
        Inference = await StartInferenceAsync();
        Api = await StartApiAsync();
        Web = await StartAsync(WebService.Build, [$"--services:api:http:0={Api.Address}"]);
        Retrainer = await StartRetrainerAsync();
        // Its port is known only now.
        Api.Services.GetRequiredService<IConfiguration>()["services:retrainer:http:0"] = Retrainer.Address.ToString();
    }

    private async Task<RunningService> StartAsync(Func<string[], Microsoft.AspNetCore.Builder.WebApplication> build, string[] args)
    {
        string[] where = Inference is null ? [] : [$"--services:inference:http:0={Inference.Address}"];
        var service = await RunningService.StartAsync(build, [$"--Storage:Path={DatabaseFile}", .. where, .. _args, .. args]);
        lock (_services)
        {
            _services.Add(service);
        }

        return service;
    }
}
