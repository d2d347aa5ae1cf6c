using System.Threading.Channels;
using TicketAspire.Contracts;
using TicketAspire.Inference.Champions;

namespace TicketAspire.Inference.Shadows;

/// <summary>
/// Texts that a champion has answered and a challenger is still to answer. The caller never waits: what there is no room
/// for is dropped, and counted.
/// </summary>
internal sealed class ShadowQueue
{
    /// <summary>Room for the texts of a moment; more would be memory for what nobody waits for.</summary>
    private const int Room = 1024;

    private readonly Channel<ShadowedAnswer> _answers = Channel.CreateBounded<ShadowedAnswer>(
        new BoundedChannelOptions(Room) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private long _dropped;

    /// <summary>What waits.</summary>
    public ChannelReader<ShadowedAnswer> Reader => _answers.Reader;

    /// <summary>Hands an answer to the challenger, if there is one.</summary>
    public void Offer(ServedModel served, string text, PredictionResponse answer)
    {
        if (served.Challenger is { } challenger && !_answers.Writer.TryWrite(new ShadowedAnswer(served, challenger, text, answer)))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    /// <summary>How many were dropped since this was asked last.</summary>
    public long TakeDropped() => Interlocked.Exchange(ref _dropped, 0);
}

/// <summary>A champion's answer, and who is to answer beside it.</summary>
/// <param name="Served">The champion.</param>
/// <param name="Challenger">The challenger at that moment.</param>
/// <param name="Text">The text.</param>
/// <param name="Answer">The champion's answer.</param>
internal sealed record ShadowedAnswer(ServedModel Served, ChallengerModel Challenger, string Text, PredictionResponse Answer);
