using System.Text.Json;
using TicketAspire.Contracts;

namespace TicketAspire.Benchmarks.Loop;

/// <summary>
/// What two versions answer to the same texts, byte for byte, each asked while it serves alone. An answer names its version,
/// so the two never are the same; one that is neither is of no model, or of two.
/// </summary>
/// <param name="Texts">The texts.</param>
/// <param name="First">The first version's answers, as they come from Inference.</param>
/// <param name="Second">The second's.</param>
internal sealed record RecordedAnswers(IReadOnlyList<string> Texts, IReadOnlyList<byte[]> First, IReadOnlyList<byte[]> Second)
{
    /// <summary>Promotes both, one after the other, and asks each; the second serves afterwards.</summary>
    public static async Task<RecordedAnswers> AskAsync(
        HostClient client, IReadOnlyList<string> texts, int first, int second, CancellationToken cancellation) =>
        new(texts, await AskAsync(client, texts, first, cancellation), await AskAsync(client, texts, second, cancellation));

    /// <summary>Compares an answer with both.</summary>
    public void Judge(LoadResult result, int text, bool success, ReadOnlySpan<byte> answer) =>
        result.Take(success, answer, First[text], Second[text]);

    /// <summary>In how many texts the versions differ in the label, and in how many in anything but their number.</summary>
    public (int Labels, int Anything) Differences()
    {
        var (labels, anything) = (0, 0);
        foreach (var (first, second) in First.Select(Read).Zip(Second.Select(Read)))
        {
            labels += first.Prediction != second.Prediction ? 1 : 0;
            anything += first.Confidence.Equals(second.Confidence) && first.Route == second.Route
                && first.Alternatives.SequenceEqual(second.Alternatives) && first.Explanation.SequenceEqual(second.Explanation) ? 0 : 1;
        }

        return (labels, anything);
    }

    private static async Task<byte[][]> AskAsync(
        HostClient client, IReadOnlyList<string> texts, int version, CancellationToken cancellation)
    {
        await client.PromoteAsync(version, cancellation);
        await client.ServesAsync(version, cancellation);
        var answers = new byte[texts.Count][];
        for (var i = 0; i < answers.Length; i++)
        {
            answers[i] = await client.AnswerAsync(texts[i], cancellation);
            if (Read(answers[i]).Model is var model && model != version)
            {
                throw new HostException($"Version {model} answered while only {version} should.");
            }
        }

        return answers;
    }

    private static PredictionResponse Read(byte[] answer) =>
        JsonSerializer.Deserialize(answer, ContractsJson.Default.PredictionResponse)!;
}
