using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults.Logging;
using TicketAspire.Storage;

namespace TicketAspire.Inference.Champions;

/// <summary>Notices a new champion and swaps it in. What cannot be loaded is reported, and the present model goes on.</summary>
internal sealed partial class ChampionWatch(
    IEventLog events,
    IClassifierStore classifiers,
    IModelStore models,
    ServedModelFactory factory,
    ServedModels served,
    TimeProvider time,
    ILogger<ChampionWatch> logger) : BackgroundService
{
    /// <summary>A change is usually heard of at once; this is for one that was not.</summary>
    private static readonly TimeSpan PollingTime = TimeSpan.FromSeconds(1);

    /// <summary>Between two attempts at what was refused: reading a model costs a core's time.</summary>
    private static readonly RetryBackoff Pauses = new(PollingTime, TimeSpan.FromMinutes(1));

    private readonly Dictionary<string, (int Times, DateTimeOffset Next)> _refused = [];

    /// <summary>Loads what there is before the service says that it is ready.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var changed = EventSignal.Listen(
            events, change => change.Type is EventTypes.Champion or EventTypes.Classifier, stoppingToken);
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await changed.WaitAsync(PollingTime, stoppingToken);
                await RefreshAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    private async Task RefreshAsync(CancellationToken cancellation)
    {
        try
        {
            var all = await classifiers.ListAsync(cancellation);
            if (all.Count == 0 && served.All.Count > 0)
            {
                // Classifiers are not deleted: the store has been replaced by an empty one. What is in memory goes on.
                LogEmpty(logger);
                return;
            }

            var champions = await models.ChampionsAsync(cancellation);
            var next = new List<ServedModel>();
            foreach (var classifier in all)
            {
                if (champions.TryGetValue(classifier.Name, out var champion)
                    && await TryLoadAsync(classifier, champion, cancellation) is { } model)
                {
                    var challenger = await ChallengerAsync(classifier, model.Challenger, cancellation);
                    next.Add(ReferenceEquals(challenger, model.Challenger) ? model : model with { Challenger = challenger });
                }
            }

            served.Replace(all.ToDictionary(classifier => classifier.Name, classifier => classifier.Champion, StringComparer.Ordinal), next);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The store is away: what is in memory goes on.
            LogUnreachable(logger, exception.GetType().Name, exception.Message);
        }
    }

    private async Task<ServedModel?> TryLoadAsync(ClassifierInfo classifier, ModelInfo champion, CancellationToken cancellation)
    {
        var present = served.All.GetValueOrDefault(classifier.Name);
        var attempt = $"{classifier.Name} {champion.Checksum}";
        if (IsPausing(attempt))
        {
            return present;
        }

        try
        {
            var start = time.GetTimestamp();
            var model = await factory.GetAsync(classifier, champion, present, cancellation);
            if (model.Version != present?.Version || model.Checksum != present.Checksum)
            {
                LogSwapped(logger, classifier.Name, model.Version, time.GetElapsedTime(start).TotalMilliseconds);
            }

            _refused.Remove(attempt);
            return model;
        }
        catch (Exception exception) when (IsOfTheModel(exception))
        {
            if (Refuse(attempt))
            {
                LogRefused(logger, classifier.Name, champion.Version, exception.Message);
            }

            return present;
        }
    }

    private async Task<ChallengerModel?> ChallengerAsync(
        ClassifierInfo classifier, ChallengerModel? present, CancellationToken cancellation)
    {
        var attempt = $"{classifier.Name} {classifier.Challenger}";
        if (IsPausing(attempt))
        {
            return null;
        }

        try
        {
            var challenger = await factory.GetChallengerAsync(classifier, present, cancellation);
            _refused.Remove(attempt);
            return challenger;
        }
        catch (Exception exception) when (IsOfTheModel(exception))
        {
            if (Refuse(attempt))
            {
                LogNoChallenger(logger, classifier.Name, classifier.Challenger, exception.Message);
            }

            return null;
        }
    }

    // Whatever is wrong with one model must not keep the others from being swapped; the store's faults are everybody's.
    private static bool IsOfTheModel(Exception exception) => exception is not (StorageException or OperationCanceledException);

    private bool IsPausing(string attempt) => _refused.TryGetValue(attempt, out var refusal) && time.GetUtcNow() < refusal.Next;

    // True the first time, which is the one to tell.
    private bool Refuse(string attempt)
    {
        var times = _refused.GetValueOrDefault(attempt).Times + 1;
        _refused[attempt] = (times, time.GetUtcNow() + Pauses.After(times));
        return times == 1;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Classifier}: challenger {Version} cannot be loaded, the champion is alone: {Problem}")]
    private static partial void LogNoChallenger(ILogger logger, string classifier, int? version, string problem);

    [LoggerMessage(EventId = 1, EventName = EcsActions.Champion, Level = LogLevel.Information, Message = "{Classifier}: version {Version} serves, loaded in {Milliseconds:F0} ms")]
    private static partial void LogSwapped(ILogger logger, string classifier, int version, double milliseconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Classifier}: version {Version} cannot be loaded, the present one goes on: {Problem}")]
    private static partial void LogRefused(ILogger logger, string classifier, int version, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "The store is empty, the present models go on")]
    private static partial void LogEmpty(ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store cannot be read, the present models go on: {Exception} {Problem}")]
    private static partial void LogUnreachable(ILogger logger, string exception, string problem);
}
