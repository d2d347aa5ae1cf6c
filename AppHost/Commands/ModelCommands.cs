using TicketAspire.AppHost.Resources;
using TicketAspire.Contracts;

namespace TicketAspire.AppHost.Commands;

/// <summary>Commands about a classifier's models: retrain now, promote a version, roll back.</summary>
internal static class ModelCommands
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <summary>Adds them to the retrainer.</summary>
    public static void WithModelCommands(this IResourceBuilder<ProjectResource> retrainer, IResourceBuilder<ProjectResource> api)
    {
        var address = api.GetEndpoint(Services.Endpoint);
        ApiCommand.Add(retrainer, address, "retrain", "Retrain now", new CommandOptions
        {
            Description = "Trains a classifier with all its feedback, and waits for what comes of it.",
            IconName = "ArrowSync",
            IsHighlighted = true,
            Arguments = [CommandInputs.Classifier],
        }, RetrainAsync);
        ApiCommand.Add(retrainer, address, "promote", "Promote a version", new CommandOptions
        {
            Description = "Puts a version in service, whatever the gate said of it.",
            IconName = "ArrowUp",
            Arguments = [CommandInputs.Classifier, CommandInputs.Version],
        }, PromoteAsync);
        ApiCommand.Add(retrainer, address, "roll-back", "Roll back", new CommandOptions
        {
            Description = "Puts the version in service that served before the present one.",
            IconName = "ArrowUndo",
            Arguments = [CommandInputs.Classifier],
        }, RollBackAsync);
    }

    private static async Task<string> RetrainAsync(ApiCommand command)
    {
        var run = await command.PostAsync($"classifiers/{command.Classifier}/retrain", null, ContractsJson.Default.RetrainingRun);
        while (run.EndedAt is null)
        {
            await Task.Delay(Every, command.Cancellation);
            run = await command.GetAsync($"classifiers/{command.Classifier}/runs/{run.Id}", ContractsJson.Default.RetrainingRun);
        }

        return run.State is RunState.Promoted or RunState.Rejected
            ? run.Reason ?? $"Run {run.Id}: version {run.Model} was {run.State.Word}."
            : throw new ApiCommandException($"Run {run.Id} {(run.State == RunState.Cancelled ? "was cancelled" : "did not get to its end")}: {run.Reason}");
    }

    private static async Task<string> PromoteAsync(ApiCommand command)
    {
        var version = command.Number(CommandInputs.Version.Name);
        var model = await command.PostAsync($"classifiers/{command.Classifier}/models/{version}/promote?by=dashboard", null, ContractsJson.Default.ModelInfo);
        return $"Version {model.Version} is in service.";
    }

    private static async Task<string> RollBackAsync(ApiCommand command)
    {
        var model = await command.PostAsync($"classifiers/{command.Classifier}/rollback?by=dashboard", null, ContractsJson.Default.ModelInfo);
        return $"Version {model.Version} is in service again.";
    }
}
