using TicketAspire.Classifier;
using TicketAspire.Contracts;

namespace TicketAspire.Benchmarks.Loop;

/// <summary>The classifier that is measured: a file's, or the one of tickets that comes with the system.</summary>
internal sealed class Measured(string? file)
{
    private const string Imported = "measured";
    private const string Starter = "tickets";

    private static readonly TimeSpan TrainingTime = TimeSpan.FromMinutes(3);

    /// <summary>Its name.</summary>
    public string Name => file is null ? Starter : Imported;

    /// <summary>What it is made of, for the table's title.</summary>
    public string Title => file is null ? "starter data" : Path.GetFileName(file);

    /// <summary>The settings that the host needs for it.</summary>
    public string Setting => $"--Retraining:StarterData={(file is null ? "true" : "false")}";

    /// <summary>Its examples.</summary>
    public List<LabelledText> Examples() =>
        LabelledFile.Read(file ?? Path.Combine(AppContext.BaseDirectory, "StarterData", $"{Starter}.csv"));

    /// <summary>Trains it, where the host does not do so by itself, and waits until it serves and nothing else is trained.</summary>
    public async Task<ClassifierSummary> ServingAsync(HostClient client, CancellationToken cancellation)
    {
        if (file is not null)
        {
            await using var csv = File.OpenRead(file);
            await client.ImportAsync(csv, cancellation);
        }
        else
        {
            // The host creates its classifiers a moment after it listens.
            await Waiting.UntilAsync(
                "the first model serves", TrainingTime, async () => (await client.ServedAsync(cancellation)).Count > 0, cancellation);
            await client.ReadyAsync(cancellation);
        }

        return await client.QuietAsync(TrainingTime, cancellation);
    }
}
