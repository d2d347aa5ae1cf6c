using TicketAspire.Classifier.Features;

namespace TicketAspire.Classifier.Learning;

/// <summary>The training texts, taken apart once for all learners.</summary>
/// <param name="Set">The examples in numbers.</param>
/// <param name="Hashes">Each text's hash.</param>
/// <param name="Vocabulary">Their words.</param>
/// <param name="Words">Their words and pairs as features.</param>
/// <param name="Characters">Their n-grams as features.</param>
internal sealed record PreparedTexts(
    TrainingSet Set, ulong[] Hashes, WordVocabulary Vocabulary, WordMatrix Words, CharacterMatrix Characters)
{
    /// <summary>When there are many texts, a feature or word in fewer than so many is not worth a weight.</summary>
    private const int LeastTexts = 2;

    /// <summary>The same where pairs are distant: there are so many that most are accidents (IT tickets: half as many with 3 as with 2).</summary>
    private const int LeastTextsForPairs = 3;

    /// <summary>All views.</summary>
    public FeatureMatrix[] Matrices { get; } = [Words, Characters];

    /// <summary>In how many texts a word or n-gram must occur.</summary>
    public int Least => Set.Few ? 1 : LeastTexts;

    /// <summary>Takes them apart.</summary>
    /// <exception cref="ArgumentException">There are fewer than two different labels.</exception>
    public static PreparedTexts Of(
        IReadOnlyList<LabelledText> examples, TrainingLevel level, IProgress<TrainingProgress>? progress, ParallelOptions parallel)
    {
        var set = TrainingSet.Of(examples);
        progress?.Report(new TrainingProgress(TrainingStage.Features, 0));
        var hashes = Folds.Hashes(set.Texts, parallel);
        var vocabulary = WordVocabulary.Of(set.Texts, parallel, set.Importance);
        var (view, leastForWords) = level == TrainingLevel.Quick
            ? (FeatureView.Words, LeastTexts)
            : (FeatureView.DistantWords, LeastTextsForPairs);
        var words = WordMatrix.Build(vocabulary, view, set.Few ? 1 : leastForWords, parallel);
        progress?.Report(new TrainingProgress(TrainingStage.Features, 0.5));
        var characters = CharacterMatrix.Build(vocabulary, set.Few ? 1 : LeastTexts, parallel);
        progress?.Report(new TrainingProgress(TrainingStage.Features, 1));
        return new PreparedTexts(set, hashes, vocabulary, words, characters);
    }
}
