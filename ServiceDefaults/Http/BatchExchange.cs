using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults.Errors;
using TicketAspire.ServiceDefaults.Limits;

namespace TicketAspire.ServiceDefaults.Http;

/// <summary>Classifies some texts: each answer, in order, is a prediction or an error.</summary>
public delegate Task<IReadOnlyList<BatchAnswer>> BatchPredictor(PredictRequest[] requests, CancellationToken cancellation);

/// <summary>One answer of a batch; either part is null.</summary>
public sealed record BatchAnswer(PredictionResponse? Prediction, string? Error);

/// <summary>
/// How many texts are asked about at once: a JSON array answered by an array in the same order, or JSON lines answered
/// line by line as they come. A text that cannot be classified has an <c>{"error": ...}</c> in its place.
/// </summary>
public static class BatchExchange
{
    /// <summary>Texts that are worked on before their answers are sent.</summary>
    private const int GroupSize = 256;

    /// <summary>A line's JSON may escape every character by six bytes.</summary>
    private const int BytesPerCharacter = 6;

    /// <summary>Answers the request.</summary>
    /// <exception cref="RequestException">4xx for a body that is neither; what the predictor throws for the first group.</exception>
    public static async Task AnswerAsync(HttpContext context, TicketText texts, BatchPredictor predict)
    {
        ArgumentNullException.ThrowIfNull(predict);
        if (Ndjson.IsNdjson(context.Request))
        {
            await AnswerLinesAsync(context, texts, predict);
        }
        else
        {
            await AnswerArrayAsync(context, predict);
        }
    }

    private static async Task AnswerArrayAsync(HttpContext context, BatchPredictor predict)
    {
        var cancellation = context.RequestAborted;
        context.LimitBody(LimitDefaults.BulkBytes);

        var requests = await JsonBody.ReadAsync(context.Request, ContractsJson.Default.PredictRequestArray, cancellation);
        // The first group goes before the answer begins: an unknown classifier or a missing model is still an error then.
        var answers = await predict(requests[..Math.Min(GroupSize, requests.Length)], cancellation);
        context.Response.ContentType = "application/json";
        await using var writer = new Utf8JsonWriter(context.Response.BodyWriter);
        writer.WriteStartArray();
        for (var done = 0; done < requests.Length; done += GroupSize)
        {
            answers = done == 0 ? answers : await predict(requests[done..Math.Min(done + GroupSize, requests.Length)], cancellation);
            foreach (var answer in answers)
            {
                Write(writer, answer);
            }

            await writer.FlushAsync(cancellation);
        }

        writer.WriteEndArray();
        await writer.FlushAsync(cancellation);
    }

    private static async Task AnswerLinesAsync(HttpContext context, TicketText texts, BatchPredictor predict)
    {
        var cancellation = context.RequestAborted;
        // Nothing is asked yet: an unknown classifier or a missing model is still an error now.
        await predict([], cancellation);
        Ndjson.AllowLongStream(context);
        var response = context.Response;
        response.ContentType = Ndjson.ContentType;
        // The first answers go out while the sender still sends.
        await response.StartAsync(cancellation);
        using var writer = new Utf8JsonWriter(response.BodyWriter);
        var longest = (texts.MaxLength * BytesPerCharacter) + GroupSize;
        await foreach (var lines in Ndjson.ReadAsync(context.Request.BodyReader, GroupSize, longest, cancellation))
        {
            foreach (var answer in await predict([.. lines.Select(Parse)], cancellation))
            {
                Write(writer, answer);
                writer.Flush();
                writer.Reset();
                response.BodyWriter.Write("\n"u8);
            }

            await response.BodyWriter.FlushAsync(cancellation);
        }
    }

    // A line that is not a request is one without a text: it gets an error in its place.
    private static PredictRequest Parse(byte[] line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, ContractsJson.Default.PredictRequest) ?? new PredictRequest(null);
        }
        catch (JsonException)
        {
            return new PredictRequest(null);
        }
    }

    private static void Write(Utf8JsonWriter writer, BatchAnswer answer)
    {
        if (answer.Prediction is { } prediction)
        {
            JsonSerializer.Serialize(writer, prediction, ContractsJson.Default.PredictionResponse);
        }
        else
        {
            JsonSerializer.Serialize(writer, new BatchError(answer.Error ?? "Not classified"), ContractsJson.Default.BatchError);
        }
    }
}
