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

/// <summary>The answer to an import.</summary>
/// <param name="Classifier">The classifier that has the data set now.</param>
/// <param name="Created">True when the classifier is new.</param>
/// <param name="Dataset">The stored data set.</param>
/// <param name="Rows">Rows read, without the header.</param>
/// <param name="Skipped">Rows left out.</param>
/// <param name="Problems">Why, for the first of them.</param>
/// <param name="Run">The retraining run that was asked for.</param>
public sealed record ImportResponse(
    string Classifier, bool Created, DatasetInfo Dataset, int Rows, int Skipped,
    IReadOnlyList<RowProblem> Problems, RetrainingRun Run);

/// <summary>A row of an import that was left out.</summary>
/// <param name="Line">The line in the file on which the row begins, from 1.</param>
/// <param name="Problem">What is wrong with it.</param>
public sealed record RowProblem(int Line, string Problem);
