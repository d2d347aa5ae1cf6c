using Microsoft.ML;
using Microsoft.ML.Data;

namespace TicketAspire.Classifier.MLNet;

/// <summary>Makes sense of a pipeline that somebody else has trained: where the text goes in, and which labels come out.</summary>
internal static class ForeignPipeline
{
    /// <summary>The column with a score for each label, as ML.NET's trainers name it.</summary>
    public const string Score = "Score";

    private const string PredictedLabel = "PredictedLabel";

    /// <summary>A column of such a name is what was to be learned, which a file knows but no ticket has.</summary>
    private static readonly string[] LabelNames = ["label", "category", "intent", "class", "target", "area", "topic", "topic_group", "y"];

    /// <summary>The column that takes the text.</summary>
    /// <exception cref="InvalidDataException">There is none, or it is in doubt which.</exception>
    public static string TextColumn(Pipeline pipeline, string? named)
    {
        if (pipeline.Input is null)
        {
            throw new InvalidDataException("The model was saved without its input's columns: save it with mlContext.Model.Save(model, data.Schema, file).");
        }

        string[] texts = [.. pipeline.Input.Where(column => column.Type is TextDataViewType).Select(column => column.Name).Distinct(StringComparer.Ordinal)];
        if (named is not null)
        {
            return texts.Contains(named, StringComparer.Ordinal)
                ? named
                : throw new InvalidDataException($"The model takes no text in a column '{named}'. It takes: {Listed(pipeline.Input.Select(column => column.Name))}.");
        }

        string[] likely = [.. texts.Where(text => !LabelNames.Contains(text, StringComparer.OrdinalIgnoreCase))];
        return likely switch
        {
            [var only] => only,
            [] => throw new InvalidDataException($"The model takes no text. It takes: {Listed(pipeline.Input.Select(column => column.Name))}."),
            _ => throw new InvalidDataException($"The model takes several texts, {Listed(likely)}: name the column with the ticket's (text column)."),
        };
    }

    /// <summary>
    /// The pipeline for input that has nothing but <see cref="TextInput.Text"/>: what it was trained with, its label above
    /// all, gets an empty value.
    /// </summary>
    /// <exception cref="InvalidDataException">It needs something that has no empty value.</exception>
    public static Pipeline FromTextAlone(Pipeline pipeline, string textColumn)
    {
        var context = pipeline.Context;
        var view = context.Data.LoadFromEnumerable<TextInput>([]);
        var steps = new List<ITransformer>();
        if (textColumn != nameof(TextInput.Text))
        {
            Add(context.Transforms.CopyColumns(textColumn, nameof(TextInput.Text)));
        }

        foreach (var column in pipeline.Input.Where(column => column.Name != textColumn && !column.IsHidden))
        {
            var empty = Empty(column.Type)
                ?? throw new InvalidDataException($"The model needs a column '{column.Name}' of {column.Type}, which a text alone does not give.");
            Add(context.Transforms.Expression(column.Name, $"(x) => {empty}", textColumn));
        }

        return pipeline with { Transformer = new TransformerChain<ITransformer>([.. steps, pipeline.Transformer]) };

        void Add<T>(IEstimator<T> estimator)
            where T : class, ITransformer
        {
            var step = estimator.Fit(view);
            view = step.Transform(view);
            steps.Add(step);
        }
    }

    /// <summary>The labels in the order of their scores.</summary>
    /// <exception cref="InvalidDataException">The pipeline does not give a score for each of two or more labels with names.</exception>
    public static string[] Labels(Pipeline pipeline)
    {
        var output = pipeline.Output;
        if (output.GetColumnOrNull(Score) is not { Type: VectorDataViewType { IsKnownSize: true, ItemType: NumberDataViewType { RawType: var type } } vector } score
            || type != typeof(float) || output.GetColumnOrNull(PredictedLabel) is not { } predicted)
        {
            throw new InvalidDataException("The model is no text classifier: it has no 'PredictedLabel', or no 'Score' for each label (several classes are needed, not two).");
        }

        var names = default(VBuffer<ReadOnlyMemory<char>>);
        if (score.HasSlotNames())
        {
            score.GetSlotNames(ref names);
        }
        else if (predicted.Annotations.Schema.GetColumnOrNull("KeyValues") is { Type: VectorDataViewType { ItemType: TextDataViewType } })
        {
            predicted.GetKeyValues(ref names);
        }

        string[] labels = [.. names.DenseValues().Select(name => name.ToString())];
        return labels.Length == vector.Size && labels.Length > 1
            && Array.TrueForAll(labels, label => label.Length > 0) && labels.Distinct(StringComparer.Ordinal).Count() == labels.Length
            ? labels
            : throw new InvalidDataException("The model does not say which labels its scores are for: its label must be a text that MapValueToKey has read.");
    }

    private static string? Empty(DataViewType type) => type switch
    {
        TextDataViewType => "\"\"",
        BooleanDataViewType => "false",
        NumberDataViewType { RawType: var raw } when raw == typeof(float) => "0f",
        NumberDataViewType { RawType: var raw } when raw == typeof(double) => "0d",
        NumberDataViewType { RawType: var raw } when raw == typeof(int) => "0",
        NumberDataViewType { RawType: var raw } when raw == typeof(long) => "0L",
        _ => null,
    };

    private static string Listed(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));
}
