using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using TicketAspire.Classifier.Learning;

namespace TicketAspire.Classifier.MLNet;

/// <summary>
/// Learns ML.NET's averaged perceptron for each label against all others, once without each fold. ML.NET's own
/// one-versus-all cannot be interrupted and keeps its weights to itself; label by label a training says how far it is,
/// scores texts that it has not seen, and the mean of the folds' weights is the model, as in the own engine.
/// </summary>
internal sealed class OneVersusAll(VBuffer<float>[] features, int[] folds, TrainingSet set, TrainingSettings settings)
{
    /// <summary>ML.NET's passes over the texts: its own default.</summary>
    private const int Iterations = 10;

    private readonly int _classes = set.Labels.Length;

    /// <summary>How many trainings it takes.</summary>
    public int Steps => _classes * settings.Folds;

    /// <summary>How many features there are.</summary>
    public int Features => features[0].Length;

    /// <summary>The mean weights, <c>Weights[feature * classes + class]</c>.</summary>
    public float[] Weights { get; } = new float[features[0].Length * set.Labels.Length];

    /// <summary>The mean biases.</summary>
    public float[] Biases { get; } = new float[set.Labels.Length];

    /// <summary>The out-of-fold scores, <c>Scores[text * classes + class]</c>.</summary>
    public float[] Scores { get; } = new float[features.Length * set.Labels.Length];

    /// <summary>Runs all trainings.</summary>
    /// <param name="step">Called after each of <see cref="Steps"/>, from any thread.</param>
    /// <param name="parallel">How many threads to use, and when to give up.</param>
    public void Run(Action step, ParallelOptions parallel) => Parallel.For(0, _classes, parallel, label =>
    {
        // One fold after the other, so that the mean is always added up in the same order.
        for (var fold = 0; fold < settings.Folds; fold++)
        {
            var (weights, bias) = Train(label, fold, parallel.CancellationToken);
            Score(label, fold, weights, bias);
            Biases[label] += bias / settings.Folds;
            for (var feature = 0; feature < weights.Length; feature++)
            {
                Weights[(feature * _classes) + label] += weights[feature] / settings.Folds;
            }

            step();
        }
    });

    private (float[] Weights, float Bias) Train(int label, int fold, CancellationToken cancellation)
    {
        var context = new MLContext(settings.Seed);
        var schema = SchemaDefinition.Create(typeof(PerceptronRow));
        schema[nameof(PerceptronRow.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Features);
        var trainer = context.BinaryClassification.Trainers.AveragedPerceptron(new AveragedPerceptronTrainer.Options
        {
            NumberOfIterations = settings.Epochs ?? Iterations,
            Shuffle = false,
        });
        var rows = new PerceptronRows(features, set, folds, fold, label, settings.Seed + fold, cancellation);
        var learned = trainer.Fit(context.Data.LoadFromEnumerable(rows, schema)).Model;
        return ([.. learned.Weights], learned.Bias);
    }

    private void Score(int label, int fold, float[] weights, float bias)
    {
        for (var text = 0; text < features.Length; text++)
        {
            if (folds[text] != fold)
            {
                continue;
            }

            var numbers = features[text].GetValues();
            var places = features[text].GetIndices();
            var score = bias;
            for (var i = 0; i < numbers.Length; i++)
            {
                score += numbers[i] * weights[features[text].IsDense ? i : places[i]];
            }

            Scores[(text * _classes) + label] = score;
        }
    }
}
