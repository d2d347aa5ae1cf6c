namespace TicketAspire.Contracts;

/// <summary>A text and its correct label.</summary>
/// <param name="Text">The text.</param>
/// <param name="Label">The label.</param>
public sealed record Example(string Text, string Label);

/// <summary>An immutable set of examples, addressed by its content.</summary>
/// <param name="Hash">SHA-256 of the content, lower-case hexadecimal.</param>
/// <param name="Examples">How many.</param>
/// <param name="Labels">How many of each label, by label.</param>
/// <param name="CreatedAt">When it was first stored.</param>
public sealed record DatasetInfo(
    string Hash, int Examples, IReadOnlyDictionary<string, int> Labels, DateTimeOffset CreatedAt);

/// <summary>What an import does with the data set that is there: <c>?mode=…</c>.</summary>
public static class ImportModes
{
    /// <summary>Takes its place; the default.</summary>
    public const string Replace = "replace";

    /// <summary>Is added to it.</summary>
    public const string Append = "append";
}

/// <summary>The answer to an import.</summary>
/// <param name="Classifier">The classifier that has the data set now.</param>
/// <param name="Created">True when the classifier is new.</param>
/// <param name="Dataset">The stored data set.</param>
/// <param name="Rows">Rows read, without the header.</param>
/// <param name="Skipped">Rows left out.</param>
/// <param name="Problems">Why, for the first of them.</param>
/// <param name="Duplicates">Rows that repeat another row, text and label.</param>
/// <param name="Contradictions">Texts that occur with different labels.</param>
/// <param name="Run">The retraining run that was asked for.</param>
public sealed record ImportResponse(
    string Classifier, bool Created, DatasetInfo Dataset, int Rows, int Skipped,
    IReadOnlyList<RowProblem> Problems, int Duplicates, int Contradictions, RetrainingRun Run);

/// <summary>What an import would bring; nothing is kept.</summary>
public sealed record ImportPreview
{
    /// <summary>The classifier that would have it.</summary>
    public required string Classifier { get; init; }

    /// <summary>True when there is none of that name yet.</summary>
    public required bool New { get; init; }

    /// <summary>The header of the column taken for the text.</summary>
    public required string TextColumn { get; init; }

    /// <summary>The header of the column taken for the label.</summary>
    public required string LabelColumn { get; init; }

    /// <summary>Rows read, without the header.</summary>
    public required int Rows { get; init; }

    /// <summary>Rows that would be left out.</summary>
    public required int Skipped { get; init; }

    /// <summary>Why, for the first of them.</summary>
    public required IReadOnlyList<RowProblem> Problems { get; init; }

    /// <summary>How many examples of each label.</summary>
    public required IReadOnlyDictionary<string, int> Labels { get; init; }

    /// <summary>Rows that repeat another row, text and label.</summary>
    public required int Duplicates { get; init; }

    /// <summary>Texts that occur with different labels.</summary>
    public required int Contradictions { get; init; }

    /// <summary>The first of them.</summary>
    public required IReadOnlyList<Contradiction> Contradicting { get; init; }

    /// <summary>Labels that the present data set does not have.</summary>
    public required IReadOnlyList<string> NewLabels { get; init; }

    /// <summary>Labels of the present data set that would be gone; none when the file is appended.</summary>
    public required IReadOnlyList<string> LostLabels { get; init; }
}

/// <summary>A text that occurs with different labels.</summary>
/// <param name="Text">The text.</param>
/// <param name="Labels">How often with each.</param>
public sealed record Contradiction(string Text, IReadOnlyDictionary<string, int> Labels);

/// <summary>How far the reading of an import is.</summary>
/// <param name="Rows">Rows read.</param>
/// <param name="Skipped">Rows left out.</param>
/// <param name="Labels">The most frequent labels so far, with how many examples of each.</param>
public sealed record ImportProgress(int Rows, int Skipped, IReadOnlyDictionary<string, int> Labels);

/// <summary>A row of an import that was left out.</summary>
/// <param name="Line">The line in the file on which the row begins, from 1.</param>
/// <param name="Problem">What is wrong with it.</param>
public sealed record RowProblem(int Line, string Problem);
