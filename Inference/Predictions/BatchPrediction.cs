using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using TicketAspire.Contracts;
using TicketAspire.Inference.Champions;
using TicketAspire.ServiceDefaults.Errors;
using TicketAspire.ServiceDefaults.Http;
using TicketAspire.ServiceDefaults.Limits;

namespace TicketAspire.Inference.Predictions;

/// <summary>
/// Many texts at once: a JSON array answered by an array in the same order, or JSON lines answered line by line as they
/// come. A text that cannot be classified has an <c>{"error": ...}</c> in its place. All texts of an array, and of each
/// group of lines, are answered by one model version.
/// </summary>
internal static class BatchPrediction
{
    /// <summary>Texts that are worked on before their answers are sent.</summary>
    private const int GroupSize = 256;

    /// <summary>Below this many, starting threads costs more than it gains.</summary>
    private const int WorthThreads = 16;

    /// <summary>A line's JSON may escape every character by six bytes.</summary>
    private const int BytesPerCharacter = 6;

    /// <exception cref="RequestException">4xx for a body that is neither.</exception>
    public static async Task AnswerAsync(string name, HttpContext context, ServedModels served, TicketText texts)
    {
        var cancellation = context.RequestAborted;
        served.Get(name);
        if (Ndjson.IsNdjson(context.Request))
        {
            await AnswerLinesAsync(name, context, served, texts, cancellation);
            return;
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = LimitDefaults.BulkBytes;
        }

        var requests = await JsonBody.ReadAsync(context.Request, ContractsJson.Default.PredictRequestArray, cancellation);
        var model = served.Get(name);
        context.Response.ContentType = "application/json";
        await using var writer = new Utf8JsonWriter(context.Response.BodyWriter);
        writer.WriteStartArray();
        foreach (var group in requests.Chunk(GroupSize))
        {
            foreach (var answer in Predict(model, group, texts))
            {
                Write(writer, answer);
            }

            await writer.FlushAsync(cancellation);
        }

        writer.WriteEndArray();
        await writer.FlushAsync(cancellation);
    }

    private static async Task AnswerLinesAsync(
        string name, HttpContext context, ServedModels served, TicketText texts, CancellationToken cancellation)
    {
        Ndjson.AllowLongStream(context);
        var response = context.Response;
        response.ContentType = Ndjson.ContentType;
        // The first answers go out while the sender still sends.
        await response.StartAsync(cancellation);
        using var writer = new Utf8JsonWriter(response.BodyWriter);
        var longest = (texts.MaxLength * BytesPerCharacter) + GroupSize;
        await foreach (var lines in Ndjson.ReadAsync(context.Request.BodyReader, GroupSize, longest, cancellation))
        {
            foreach (var answer in Predict(served.Get(name), lines.Select(Parse).ToArray(), texts))
            {
                Write(writer, answer);
                writer.Flush();
                writer.Reset();
                response.BodyWriter.Write("\n"u8);
            }

            await response.BodyWriter.FlushAsync(cancellation);
        }
    }

    // A line that is not JSON is an error in its own place: null stands for it.
    private static PredictRequest? Parse(byte[] line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, ContractsJson.Default.PredictRequest);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static object[] Predict(ServedModel model, PredictRequest?[] requests, TicketText texts)
    {
        var answers = new object[requests.Length];
        if (requests.Length < WorthThreads)
        {
            for (var i = 0; i < requests.Length; i++)
            {
                answers[i] = Predict(model, requests[i], texts);
            }
        }
        else
        {
            Parallel.For(0, requests.Length, i => answers[i] = Predict(model, requests[i], texts));
        }

        return answers;
    }

    private static object Predict(ServedModel model, PredictRequest? request, TicketText texts) =>
        request is null ? new BatchError("This is not {\"text\": \"...\"}")
        : texts.Problem(request.Text, model.Label) is { } problem ? new BatchError(problem)
        : Answer.To(model, request.Text!);

    private static void Write(Utf8JsonWriter writer, object answer)
    {
        if (answer is PredictionResponse prediction)
        {
            JsonSerializer.Serialize(writer, prediction, ContractsJson.Default.PredictionResponse);
        }
        else
        {
            JsonSerializer.Serialize(writer, (BatchError)answer, ContractsJson.Default.BatchError);
        }
    }
}
