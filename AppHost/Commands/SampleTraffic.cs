using System.Globalization;
using System.Net.Http.Json;
using CsvHelper;
using Microsoft.Extensions.Logging;
using TicketAspire.Contracts;

namespace TicketAspire.AppHost.Commands;

/// <summary>Sends tickets that are put together from the starter data, and feedback to every fifth.</summary>
/// <param name="path">The CSV of texts and categories.</param>
internal sealed partial class SampleTraffic(string path)
{
    private const int FeedbackEvery = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Sends as many as were asked for, one after the other.</summary>
    public async Task<string> SendAsync(ApiCommand command)
    {
        var count = command.Number(CommandInputs.Count.Name);
        var examples = Read();
        var random = new Random(count);
        int automatic = 0, feedback = 0;
        for (var i = 0; i < count; i++)
        {
            // Two halves of the same category, so that few texts are ones that the model was trained on.
            var (text, category) = examples[random.Next(examples.Length)];
            var others = examples.Where(example => example.Category == category).ToArray();
            var prediction = await command.PostAsync(
                "classifiers/tickets/predict",
                JsonContent.Create(new PredictRequest($"{text}\n{others[random.Next(others.Length)].Text}"), ContractsJson.Default.PredictRequest),
                ContractsJson.Default.PredictionResponse);
            automatic += prediction.Route == Routes.Auto ? 1 : 0;
            if (i % FeedbackEvery == 0 && prediction.Id is { } id)
            {
                await command.PostAsync(
                    "classifiers/tickets/feedback",
                    JsonContent.Create(new FeedbackRequest { TicketId = id, TrueLabel = category, Who = "sample traffic" }, ContractsJson.Default.FeedbackRequest),
                    ContractsJson.Default.FeedbackResponse);
                feedback++;
            }

            if ((i + 1) % 100 == 0)
            {
                LogSent(command.Log, i + 1, count);
            }

            await Task.Delay(Pause, command.Cancellation);
        }

        return $"{count} tickets sent, {automatic} of them routed automatically; {feedback} got feedback.";
    }

    private (string Text, string Category)[] Read()
    {
        using var csv = new CsvReader(new StreamReader(path), CultureInfo.InvariantCulture);
        csv.Read();
        csv.ReadHeader();
        List<(string, string)> examples = [];
        while (csv.Read())
        {
            examples.Add((csv.GetField("text")!, csv.GetField("category")!));
        }

        return [.. examples];
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Sample traffic: {Sent} of {Count} tickets sent.")]
    private static partial void LogSent(ILogger logger, int sent, int count);
}
