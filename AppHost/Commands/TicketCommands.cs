using System.Net.Http.Headers;
using TicketAspire.AppHost.Resources;
using TicketAspire.Contracts;

namespace TicketAspire.AppHost.Commands;

/// <summary>Commands about tickets: import examples, send sample traffic.</summary>
internal static class TicketCommands
{
    /// <summary>Adds them to the Api.</summary>
    public static void WithTicketCommands(this IResourceBuilder<ProjectResource> api)
    {
        var address = api.GetEndpoint(Services.Endpoint);
        ApiCommand.Add(api, address, "import", "Import tickets", new CommandOptions
        {
            Description = "Reads a CSV of texts and labels; a classifier of a new name is created. Training follows.",
            IconName = "ArrowUpload",
            Arguments = [CommandInputs.Classifier, CommandInputs.File, CommandInputs.Mode],
        }, ImportAsync);
        ApiCommand.Add(api, address, "sample-traffic", "Send sample traffic", new CommandOptions
        {
            Description = "Sends invented tickets and feedback, a few each second, for the charts to have something to show. They are recorded as all others are, and ten corrections start a training.",
            IconName = "Play",
            IsHighlighted = true,
            Arguments = [CommandInputs.Count],
        }, new SampleTraffic(Path.Combine(api.ApplicationBuilder.AppHostDirectory, "..", "Retrainer", "StarterData", "tickets.csv")).SendAsync);
    }

    private static async Task<string> ImportAsync(ApiCommand command)
    {
        await using var file = File.OpenRead(command.Text(CommandInputs.File.Name));
        using var content = new StreamContent(file);
        content.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        var mode = command.Text(CommandInputs.Mode.Name);
        var import = await command.PostAsync($"classifiers/{command.Classifier}/dataset?mode={mode}", content, ContractsJson.Default.ImportResponse);
        return $"{import.Rows} rows read, {import.Skipped} left out; '{import.Classifier}' has {import.Dataset.Examples} examples with "
            + $"{import.Dataset.Labels.Count} labels. Run {import.Run.Id} trains it.";
    }
}
