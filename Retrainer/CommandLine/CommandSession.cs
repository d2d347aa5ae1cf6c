using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults.Secrets;
using TicketAspire.ServiceDefaults.Settings;
using TicketAspire.Storage;
using TicketAspire.Storage.Redis;

namespace TicketAspire.Retrainer.CommandLine;

/// <summary>One command at work: the parts of a retrainer without the service, configured as the service is.</summary>
internal sealed class CommandSession : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly string? _file;
    private readonly string? _classifier;

    /// <summary>Puts the parts together; the store is opened when it is first asked for.</summary>
    /// <param name="console">Where the command writes.</param>
    /// <param name="classifier">The classifier that was named; null for the default one.</param>
    /// <param name="settings">What the command's options set, by configuration key; null leaves what is configured.</param>
    public CommandSession(CommandConsole console, string? classifier, IReadOnlyDictionary<string, string?> settings)
    {
        IConfiguration configuration = Configure(settings);
        var services = new ServiceCollection();
        services.AddSingleton(configuration)
            .AddSingleton<ClassifierDefaults>()
            .AddLogging(logging => logging
                .AddProvider(new NoteLogging(console.Error))
                .SetMinimumLevel(LogLevel.Warning)
                // How a run ends is the command's result, and told as such.
                .AddFilter(typeof(Runs.RunExecution).FullName, LogLevel.None))
            .AddStorage(configuration)
            .AddRetraining(configuration)
            .AddSingleton<RunCarrying>();
        _services = services.BuildServiceProvider();
        _file = configuration.UsesRedis() ? null : StorageRegistration.PathOf(configuration);
        (_classifier, Console) = (classifier, console);
    }

    /// <summary>Where the command writes.</summary>
    public CommandConsole Console { get; }

    /// <summary>Shows how far long steps are.</summary>
    public ProgressDisplay Progress => new(Console, Get<TimeProvider>());

    /// <summary>The name of the classifier that the command is about.</summary>
    public string ClassifierName => _classifier ?? Get<ClassifierDefaults>().Default;

    /// <summary>False if the store is a database file that is not there yet.</summary>
    public bool StoreExists => _file is null || File.Exists(_file);

    /// <summary>One of the retrainer's parts.</summary>
    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Refuses to go on without a store: a mistyped path must not leave an empty one behind.</summary>
    /// <exception cref="CommandFailure">There is none.</exception>
    public void RequireStore()
    {
        if (!StoreExists)
        {
            throw new CommandFailure(
                $"There is no store at '{Path.GetFullPath(_file!)}': name one with --storage, or import a file to begin one");
        }
    }

    /// <summary>The classifier that the command is about.</summary>
    /// <exception cref="CommandFailure">There is none of that name.</exception>
    public async Task<ClassifierInfo> ClassifierAsync(CancellationToken cancellation)
    {
        if (await Get<IClassifierStore>().FindAsync(ClassifierName, cancellation) is { } classifier)
        {
            return classifier;
        }

        var known = await Get<IClassifierStore>().ListAsync(cancellation);
        throw new CommandFailure($"There is no classifier '{ClassifierName}'; there {Names("is", "are", known.Select(one => one.Name))}");
    }

    /// <summary>A version of a classifier.</summary>
    /// <exception cref="CommandFailure">There is no such version.</exception>
    public async Task<ModelInfo> ModelAsync(ClassifierInfo classifier, int version, CancellationToken cancellation)
    {
        if (await Get<IModelStore>().FindAsync(classifier.Name, version, cancellation) is { } model)
        {
            return model;
        }

        var known = await Get<IModelStore>().ListAsync(classifier.Name, cancellation);
        throw new CommandFailure(
            $"There is no version {version} of '{classifier.Name}'; there {Names("is", "are", known.Select(one => $"{one.Version}"))}");
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private static string Names(string one, string several, IEnumerable<string> names)
    {
        string[] all = [.. names];
        return $"{(all.Length == 1 ? one : several)} {(all.Length == 0 ? "none" : string.Join(", ", all))}";
    }

    // The same places as a service's, but for its command line.
    private static ConfigurationManager Configure(IReadOnlyDictionary<string, string?> settings)
    {
        var environment = Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT")
            ?? Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") ?? Environments.Production;
        var configuration = new ConfigurationManager();
        configuration.SetBasePath(AppContext.BaseDirectory)
            .AddJsonFile("appsettings.json", optional: true, reloadOnChange: false)
            .AddJsonFile($"appsettings.{environment}.json", optional: true, reloadOnChange: false)
            .AddEnvironmentVariables();
        configuration.AddSecrets("retrainer");
        configuration.AddInMemoryCollection(settings.Where(setting => setting.Value is not null));
        KnownSettings.Check(configuration);
        return configuration;
    }
}
