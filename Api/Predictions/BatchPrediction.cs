using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults.Http;
using TicketAspire.ServiceDefaults.Limits;

namespace TicketAspire.Api.Predictions;

/// <summary>Many texts at once, in groups: each is classified by Inference, recorded in one step, and answered.</summary>
internal static class BatchPrediction
{
    private const int GroupSize = 256;
    private const int BytesPerCharacter = 6;

    public static async Task AnswerAsync(
        string name, HttpContext context, InferenceClient inference, TicketRecording recording, TicketText texts)
    {
        var cancellation = context.RequestAborted;
        var answering = new Answering(name, inference, recording);
        if (Ndjson.IsNdjson(context.Request))
        {
            await AnswerLinesAsync(context, answering, texts, cancellation);
            return;
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = LimitDefaults.BulkBytes;
        }

        var requests = await JsonBody.ReadAsync(context.Request, ContractsJson.Default.PredictRequestArray, cancellation);
        // The first group goes before the answer begins: an unknown classifier or a missing model is still an error then.
        var groups = requests.Chunk(GroupSize).ToArray();
        var answers = await answering.AnswerAsync(groups.FirstOrDefault() ?? [], cancellation);
        context.Response.ContentType = "application/json";
        await using var writer = new Utf8JsonWriter(context.Response.BodyWriter);
        writer.WriteStartArray();
        for (var i = 0; i < groups.Length; i++)
        {
            answers = i == 0 ? answers : await answering.AnswerAsync(groups[i], cancellation);
            foreach (var answer in answers)
            {
                Write(writer, answer);
            }

            await writer.FlushAsync(cancellation);
        }

        writer.WriteEndArray();
        await writer.FlushAsync(cancellation);
    }

    private static async Task AnswerLinesAsync(
        HttpContext context, Answering answering, TicketText texts, CancellationToken cancellation)
    {
        Ndjson.AllowLongStream(context);
        var response = context.Response;
        using var writer = new Utf8JsonWriter(response.BodyWriter);
        var longest = (texts.MaxLength * BytesPerCharacter) + GroupSize;
        await answering.AnswerAsync([], cancellation);
        response.ContentType = Ndjson.ContentType;
        await response.StartAsync(cancellation);
        await foreach (var lines in Ndjson.ReadAsync(context.Request.BodyReader, GroupSize, longest, cancellation))
        {
            var requests = lines.Select(Parse).ToArray();
            foreach (var answer in await answering.AnswerAsync(requests, cancellation))
            {
                Write(writer, answer);
                writer.Flush();
                writer.Reset();
                response.BodyWriter.Write("\n"u8);
            }

            await response.BodyWriter.FlushAsync(cancellation);
        }
    }

    // A line that is not JSON goes on as a request without a text: Inference answers it with an error in its place.
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

    private sealed class Answering(string name, InferenceClient inference, TicketRecording recording)
    {
        public async Task<IReadOnlyList<BatchAnswer>> AnswerAsync(PredictRequest[] requests, CancellationToken cancellation)
        {
            var answers = (await inference.PredictAsync(name, requests, cancellation)).ToArray();
            var right = Enumerable.Range(0, answers.Length).Where(i => answers[i].Prediction is not null).ToArray();
            if (right.Length == 0)
            {
                return answers;
            }

            var recorded = await recording.RecordAsync(
                [.. right.Select(i => (requests[i].Text!, answers[i].Prediction!))], cancellation);
            for (var i = 0; i < right.Length; i++)
            {
                answers[right[i]] = new BatchAnswer(recorded[i], null);
            }

            return answers;
        }
    }
}
