using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Shouldly;
using Xunit;

namespace TicketAspire.Tests.Support;

/// <summary>Requests and answers as a client writes and reads them.</summary>
public static class HttpCalls
{
    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static HttpContent Json(string json) => new StringContent(json, Encoding.UTF8, "application/json");

    public static HttpContent Csv(string csv) => Bytes(Encoding.UTF8.GetBytes(csv), "text/csv");

    public static HttpContent Bytes(byte[] bytes, string? contentType)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        return content;
    }

    /// <summary>A JSON object with one text.</summary>
    public static HttpContent Text(string text) => Json(JsonSerializer.Serialize(new { text }));

    public static Task<HttpResponseMessage> PostJsonAsync(this HttpClient http, string path, string json) =>
        http.PostAsync(path, Json(json), Cancellation);

    public static Task<HttpResponseMessage> PostTextAsync(this HttpClient http, string path, string text) =>
        http.PostAsync(path, Text(text), Cancellation);

    /// <summary>Sends an object with these members and reads the answer, which must be a success.</summary>
    public static async Task<T> PostAsync<T>(this HttpClient http, string path, object body, JsonTypeInfo<T> type)
        where T : class
    {
        using var response = await http.PostJsonAsync(path, JsonSerializer.Serialize(body));
        return await response.ReadAsync(type);
    }

    public static async Task<T> GetAsync<T>(this HttpClient http, string path, JsonTypeInfo<T> type)
        where T : class
    {
        using var response = await http.GetAsync(path, Cancellation);
        return await response.ReadAsync(type);
    }

    /// <summary>Reads the answer, which must be a success.</summary>
    public static async Task<T> ReadAsync<T>(this HttpResponseMessage response, JsonTypeInfo<T> type)
        where T : class
    {
        var body = await response.Content.ReadAsStringAsync(Cancellation);
        response.IsSuccessStatusCode.ShouldBeTrue($"{(int)response.StatusCode} {body}");
        return JsonSerializer.Deserialize(body, type).ShouldNotBeNull();
    }

    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage response) =>
        JsonElement.Parse(await response.Content.ReadAsStringAsync(Cancellation));

    /// <summary>The words of an error, which must have this status and the form of every error.</summary>
    public static async Task<string> ErrorAsync(this HttpResponseMessage response, HttpStatusCode status)
    {
        var body = await response.Content.ReadAsStringAsync(Cancellation);
        response.StatusCode.ShouldBe(status, body);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        var problem = JsonElement.Parse(body);
        problem.GetProperty("status").GetInt32().ShouldBe((int)status);
        problem.GetProperty("title").GetString().ShouldNotBeNullOrWhiteSpace();
        return problem.GetProperty("error").GetString().ShouldNotBeNull();
    }
}
