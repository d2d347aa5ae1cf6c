namespace TicketAspire.Contracts;

/// <summary>Two models of a classifier side by side, on the hold-out as it is now.</summary>
public sealed record ModelComparison
{
    /// <summary>How many differing tickets are listed unless asked otherwise.</summary>
    public const int TextsListed = 50;

    /// <summary>The classifier.</summary>
    public required string Classifier { get; init; }

    /// <summary>The first version.</summary>
    public required int First { get; init; }

    /// <summary>The second version.</summary>
    public required int Second { get; init; }

    /// <summary>Hold-out tickets on which both were asked.</summary>
    public required int HoldOut { get; init; }

    /// <summary>Share of them that the first got right, 0 to 1.</summary>
    public required double FirstAccuracy { get; init; }

    /// <summary>Share of them that the second got right, 0 to 1.</summary>
    public required double SecondAccuracy { get; init; }

    /// <summary>Those that only the first got right.</summary>
    public required int OnlyFirst { get; init; }

    /// <summary>Those that only the second got right.</summary>
    public required int OnlySecond { get; init; }

    /// <summary>How likely so large a difference is between equally good models (two-sided McNemar), 0 to 1.</summary>
    public required double Probability { get; init; }

    /// <summary>The change of each class.</summary>
    public required IReadOnlyList<ClassChange> Classes { get; init; }

    /// <summary>Feedback that neither was trained with.</summary>
    public required UnseenFeedback Unseen { get; init; }

    /// <summary>How many of the hold-out's tickets the two answer differently.</summary>
    public required int Differing { get; init; }

    /// <summary>The first of those tickets: what only one of them got right goes before what both got wrong.</summary>
    public required IReadOnlyList<DifferingTicket> Tickets { get; init; }
}

/// <summary>How two models do on one class.</summary>
/// <param name="Label">The class.</param>
/// <param name="Support">Hold-out tickets of this class.</param>
/// <param name="FirstF1">The first one's F1, 0 to 1.</param>
/// <param name="SecondF1">The second one's F1, 0 to 1.</param>
/// <param name="FirstRight">How many of the class the first found.</param>
/// <param name="SecondRight">How many of the class the second found.</param>
public sealed record ClassChange(string Label, int Support, double FirstF1, double SecondF1, int FirstRight, int SecondRight);

/// <summary>How two models do on feedback that neither has seen.</summary>
/// <param name="Entries">How many texts.</param>
/// <param name="FirstRight">How many the first answers as the person did.</param>
/// <param name="SecondRight">How many the second answers as the person did.</param>
public sealed record UnseenFeedback(int Entries, int FirstRight, int SecondRight);

/// <summary>A hold-out ticket that two models answer differently.</summary>
/// <param name="Text">The text.</param>
/// <param name="Label">The correct label.</param>
/// <param name="First">The first one's answer.</param>
/// <param name="FirstConfidence">How sure it was, 0 to 1.</param>
/// <param name="Second">The second one's answer.</param>
/// <param name="SecondConfidence">How sure it was, 0 to 1.</param>
public sealed record DifferingTicket(
    string Text, string Label, string First, double FirstConfidence, string Second, double SecondConfidence);
