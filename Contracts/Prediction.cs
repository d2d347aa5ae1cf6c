namespace TicketAspire.Contracts;

/// <summary>What <c>POST /predict</c> takes.</summary>
/// <param name="Text">The ticket as free text; must hold at least one word.</param>
public sealed record PredictRequest(string? Text);

/// <summary>The answer to one text. Property names on the wire are in snake case.</summary>
public sealed record PredictionResponse
{
    /// <summary>The most likely category.</summary>
    public required string Prediction { get; init; }

    /// <summary>The same, for a classifier whose label is an intent; otherwise absent.</summary>
    public string? Intent { get; init; }

    /// <summary>Calibrated probability that <see cref="Prediction"/> is right, 0 to 1.</summary>
    public required double Confidence { get; init; }

    /// <summary><see cref="Routes.Auto"/> or <see cref="Routes.Review"/>.</summary>
    public required string Route { get; init; }

    /// <summary>The next most likely categories, most likely first; at most <see cref="AlternativesKept"/>.</summary>
    public required IReadOnlyList<Alternative> Alternatives { get; init; }

    /// <summary>The words that spoke for the answer, strongest first; at most <see cref="TermsKept"/>.</summary>
    public required IReadOnlyList<ExplainedTerm> Explanation { get; init; }

    /// <summary>The classifier that answered.</summary>
    public required string Classifier { get; init; }

    /// <summary>The version of the model that answered.</summary>
    public required int Model { get; init; }

    /// <summary>The recorded ticket; absent where nothing is recorded (a call to Inference itself).</summary>
    public string? Id { get; init; }

    /// <summary>How many alternatives an answer carries at most.</summary>
    public const int AlternativesKept = 3;

    /// <summary>How many terms an explanation carries at most.</summary>
    public const int TermsKept = 8;
}

/// <summary>A category that was considered.</summary>
/// <param name="Label">The category.</param>
/// <param name="Confidence">Its calibrated probability, 0 to 1.</param>
public sealed record Alternative(string Label, double Confidence);

/// <summary>A word of the text and how much it spoke for the predicted category.</summary>
/// <param name="Term">The word as it stands in the text.</param>
/// <param name="Start">Where it begins, in UTF-16 code units from the start of the text.</param>
/// <param name="Length">Its length in UTF-16 code units.</param>
/// <param name="Weight">Its part of the predicted category's score (log-odds against the average category).</param>
public sealed record ExplainedTerm(string Term, int Start, int Length, double Weight);

/// <summary>Where a ticket goes.</summary>
public static class Routes
{
    /// <summary>The confidence reaches the threshold: routed without a person.</summary>
    public const string Auto = "auto";

    /// <summary>A person decides.</summary>
    public const string Review = "review";
}

/// <summary>One line of a batch answer that could not be predicted; stands in the place of its prediction.</summary>
/// <param name="Error">Why not.</param>
public sealed record BatchError(string Error);
