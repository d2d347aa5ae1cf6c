using System.Text;
using TicketAspire.Classifier;
using TicketAspire.Classifier.Evaluation;

namespace TicketAspire.Tests.Classifier;

/// <summary>
/// The published IT tickets, where they are at hand (<c>shared/data/it_tickets.csv</c> beside a folder above the tests),
/// split 80 to 20 in every category; a model of the larger part, trained once for a class of tests.
/// </summary>
public sealed class ItTickets
{
    private const int TestShare = 5;

    private readonly Lazy<Result> _result = new(Train);

    /// <summary>The file; null where it is not at hand.</summary>
    public static string? File { get; } = Find();

    /// <summary>What the model answered to the smaller part.</summary>
    public IReadOnlyList<Judgement> Judgements => _result.Value.Judgements;

    /// <summary>What the training gave.</summary>
    public TrainedClassifier Trained => _result.Value.Trained;

    private static Result Train()
    {
        var random = new Random(1);
        var train = new List<LabelledText>();
        var test = new List<LabelledText>();
        foreach (var category in Read(File!).GroupBy(ticket => ticket.Label).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var shuffled = category.ToArray();
            random.Shuffle(shuffled);
            test.AddRange(shuffled[..(shuffled.Length / TestShare)]);
            train.AddRange(shuffled[(shuffled.Length / TestShare)..]);
        }

        var trained = Trainer.Train(train, new TrainingSettings());
        return new Result(trained, EvaluationReport.Judge(trained.Model, test));
    }

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, "shared", "data", "it_tickets.csv");
            if (System.IO.File.Exists(file))
            {
                return file;
            }
        }

        return null;
    }

    // label,text by RFC 4180, with a header.
    private static IEnumerable<LabelledText> Read(string path)
    {
        var content = System.IO.File.ReadAllText(path);
        var fields = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        var header = true;
        foreach (var unit in content)
        {
            if (unit == '"')
            {
                // A doubled quote within quotes closes and opens again; the quote itself is lost, which no test minds.
                quoted = !quoted;
            }
            else if (!quoted && (unit is ',' or '\n'))
            {
                fields.Add(field.ToString().TrimEnd('\r'));
                field.Clear();
                if (unit == '\n')
                {
                    if (!header)
                    {
                        yield return new LabelledText(fields[1], fields[0]);
                    }

                    header = false;
                    fields.Clear();
                }
            }
            else
            {
                field.Append(unit);
            }
        }
    }

    private sealed record Result(TrainedClassifier Trained, IReadOnlyList<Judgement> Judgements);
}
