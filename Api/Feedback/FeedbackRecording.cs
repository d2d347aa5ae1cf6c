using System.Diagnostics;
using TicketAspire.Api.Classifiers;
using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults.Errors;
using TicketAspire.ServiceDefaults.Http;
using TicketAspire.ServiceDefaults.Logging;
using TicketAspire.ServiceDefaults.Settings;
using TicketAspire.ServiceDefaults.Telemetry;
using TicketAspire.Storage;

namespace TicketAspire.Api.Feedback;

/// <summary>Checks feedback and records it.</summary>
internal sealed class FeedbackRecording(
    IClassifierStore classifiers,
    ITicketStore tickets,
    IFeedbackStore feedback,
    ClassifierDefaults defaults,
    TicketText texts,
    ActivityLog log,
    Measures measures,
    TimeProvider time,
    ITicketRecorder? recorder = null)
{
    /// <summary>The reference system's words.</summary>
    public const string MissingFields = "Missing required fields";

    private const int LongestName = 100;
    private const int LabelsNamed = 50;

    /// <summary>Records it; complete only when it is on disk.</summary>
    /// <exception cref="RequestException">404: no such classifier or ticket. 400: a field is missing or the label unknown.</exception>
    public async Task<FeedbackResponse> AddAsync(
        string name, FeedbackRequest request, string? idempotencyKey, CancellationToken cancellation)
    {
        if (request.Who?.Length > LongestName || request.Prediction?.Length > LongestName)
        {
            throw RequestException.BadRequest($"'who' and 'prediction' have at most {LongestName} characters");
        }

        var classifier = await classifiers.GetAsync(name, cancellation);
        var ticket = request.TicketId is { Length: > 0 } id ? await FindAsync(id, name, cancellation) : null;
        var (text, prediction) = ticket is not null
            ? (ticket.Text, ticket.Prediction)
            : (request.Text, string.IsNullOrWhiteSpace(request.Prediction) ? null : Known(request.Prediction, classifier));
        if (text is null)
        {
            throw RequestException.BadRequest(MissingFields);
        }

        texts.Check(text, LabelKind.Category);
        var label = Label(request, prediction, classifier);
        var now = time.GetUtcNow();
        var entry = await feedback.AddAsync(
            new FeedbackEntry
            {
                Id = 0,
                Classifier = name,
                TicketId = ticket?.Id,
                Text = text,
                Prediction = prediction,
                Label = label,
                Who = request.Who,
                At = now,
                Trace = Activity.Current?.Id,
            },
            idempotencyKey,
            cancellation);
        // A repetition is answered with the first entry: it is counted already, and may not be the latest word on its ticket
        // any more.
        if (entry.At.ToUnixTimeMilliseconds() == now.ToUnixTimeMilliseconds())
        {
            measures.HeardFeedback(name, entry.Agreed);
            // Of a text without a ticket nobody knows how sure the answer was, or whose it was.
            if (ticket is not null && entry.Agreed is { } agreed)
            {
                measures.Judged(name, agreed, ticket.Model, ticket.Confidence);
            }

            log.Feedback(name, entry.Id, entry.Agreed);
            recorder?.Label(entry);
        }

        var unseen = await feedback.CountAfterAsync(name, classifier.FeedbackSeen, cancellation);
        return new FeedbackResponse(
            "Feedback saved!", entry.Id, entry.Label, entry.Agreed, unseen, defaults.RetrainAfter(classifier));
    }

    private async Task<Ticket> FindAsync(string id, string name, CancellationToken cancellation)
    {
        var ticket = await tickets.FindAsync(id, cancellation);
        return ticket?.Classifier == name
            ? ticket
            : throw RequestException.NotFound($"The classifier '{name}' has no such ticket");
    }

    private string Label(FeedbackRequest request, string? prediction, ClassifierInfo classifier)
    {
        var label = request.TrueLabel is { } given ? Known(given, classifier) : null;
        if (request.Right == true)
        {
            if (prediction is null || (label is not null && label != prediction))
            {
                throw RequestException.BadRequest("'right' confirms the prediction: give that, and no other 'true_label'");
            }

            label = Known(prediction, classifier);
        }

        if (string.IsNullOrEmpty(label))
        {
            throw RequestException.BadRequest(MissingFields);
        }

        if (classifier.Labels.Contains(label, StringComparer.Ordinal))
        {
            return label;
        }

        if (!defaults.AllowNewLabels(classifier))
        {
            var known = string.Join(", ", classifier.Labels.Take(LabelsNamed));
            throw RequestException.BadRequest(
                $"Unknown label. The labels are {known}{(classifier.Labels.Count > LabelsNamed ? ", …" : string.Empty)}");
        }

        return label.Length <= LongestName
            ? label
            : throw RequestException.BadRequest($"A label has at most {LongestName} characters");
    }

    // As the classifier writes it, where it has such a label; it may have two that differ in their case only.
    private static string Known(string label, ClassifierInfo classifier)
    {
        var trimmed = label.Trim();
        return classifier.Labels.Contains(trimmed, StringComparer.Ordinal)
            ? trimmed
            : classifier.Labels.FirstOrDefault(known => known.Equals(trimmed, StringComparison.OrdinalIgnoreCase)) ?? trimmed;
    }
}
