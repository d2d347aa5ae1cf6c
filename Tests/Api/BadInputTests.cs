using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.Api;

/// <summary>
/// Whatever is sent to whichever route of Api and Inference: a 4xx that says what is wrong, nothing stored, nothing in the
/// logs that calls for a person.
/// </summary>
public sealed class BadInputTests(BadInputTests.OneSystem one) : IClassFixture<BadInputTests.OneSystem>
{
    private readonly int _errorsBefore = one.System.Services.Sum(service => service.Logs.Errors.Count);

    private const string Words = "printerwithasecret";

    private static readonly string[] Predicting =
        ["api predict", "api classifiers/tickets/predict", "inference predict", "inference classifiers/tickets/predict"];

    private static readonly string[] GivingFeedback = ["api feedback", "api classifiers/tickets/feedback"];

    private static readonly string[] Batches =
        ["api classifiers/tickets/predict/batch", "inference classifiers/tickets/predict/batch"];

    private static readonly Dictionary<string, byte[]> Texts = new(StringComparer.Ordinal)
    {
        ["empty"] = "\"\""u8.ToArray(),
        ["blank"] = "\" \\n\\t \""u8.ToArray(),
        ["null"] = "null"u8.ToArray(),
        ["a number"] = "17"u8.ToArray(),
        ["true"] = "true"u8.ToArray(),
        ["an object"] = "{\"text\":\"a printer\"}"u8.ToArray(),
        ["an array"] = "[\"a printer\"]"u8.ToArray(),
        ["1 MB long"] = Encoding.UTF8.GetBytes($"\"{new string('a', 1024 * 1024)}\""),
        ["one character too long"] = Encoding.UTF8.GetBytes($"\"{new string('a', 100_001)}\""),
        ["not UTF-8"] = [(byte)'"', (byte)'a', 0xC3, 0x28, 0xFF, 0xFE, (byte)'"'],
        ["half a surrogate pair"] = "\"a printer \\ud83d\""u8.ToArray(),
        ["only punctuation"] = "\"?!... -- (*) \\u2026\""u8.ToArray(),
        ["only emoji"] = Encoding.UTF8.GetBytes("\"😀🔥 👩‍💻\""),
    };

    private static readonly Dictionary<string, (byte[] Body, string? ContentType)> Bodies = new(StringComparer.Ordinal)
    {
        ["no body"] = ([], "application/json"),
        ["JSON cut short"] = (Encoding.UTF8.GetBytes($$"""{"text":"{{Words}}"""), "application/json"),
        ["two values"] = (Encoding.UTF8.GetBytes($$"""{"text":"{{Words}}"} {}"""), "application/json"),
        ["no JSON"] = (Encoding.UTF8.GetBytes(Words), "application/json"),
        ["null"] = ("null"u8.ToArray(), "application/json"),
        ["a string"] = (Encoding.UTF8.GetBytes($"\"{Words}\""), "application/json"),
        ["a number"] = ("1e999"u8.ToArray(), "application/json"),
        ["nested a thousand times"] = (Encoding.UTF8.GetBytes(new string('[', 1000)), "application/json"),
        ["binary rubbish"] = ([0, 1, 2, 255, 254, 0, 10, 13], "application/json"),
        ["UTF-16"] = (Encoding.Unicode.GetBytes($$"""{"text":"{{Words}}"}"""), "application/json"),
        ["another content type"] = (Encoding.UTF8.GetBytes($$"""{"text":"{{Words}}"}"""), "text/plain"),
        ["a form"] = (Encoding.UTF8.GetBytes($"text={Words}"), "application/x-www-form-urlencoded"),
        ["no content type"] = (Encoding.UTF8.GetBytes($$"""{"text":"{{Words}}"}"""), null),
        ["more than the limit"] = (Encoding.UTF8.GetBytes($$"""{"text":"{{new string(' ', 2 * 1024 * 1024)}}"}"""), "application/json"),
    };

    private static readonly Dictionary<string, (byte[] Body, string? ContentType)> Files = new(StringComparer.Ordinal)
    {
        ["empty"] = ([], "text/csv"),
        ["header only"] = ("text,label\n"u8.ToArray(), "text/csv"),
        ["blank lines only"] = ("\n\n\n"u8.ToArray(), "text/csv"),
        ["without the columns"] = (Encoding.UTF8.GetBytes($"number,name\n1,{Words}\n2,other\n"), "text/csv"),
        ["without the label"] = (Encoding.UTF8.GetBytes($"text,name\n{Words},one\nother,two\n"), "text/csv"),
        ["one class only"] = (Encoding.UTF8.GetBytes($"text,label\n{Words},one\nother,one\n"), "text/csv"),
        ["mostly bad rows"] = (Encoding.UTF8.GetBytes($"text,label\n{Words},one\n,two\n,two\n,one\n"), "text/csv"),
        ["every label once"] = (Encoding.UTF8.GetBytes("text,label\n" + string.Concat(Enumerable.Range(0, 200).Select(i => $"{Words} {i},label {i}\n"))), "text/csv"),
        ["binary rubbish"] = ([.. Enumerable.Range(0, 4096).Select(i => (byte)((i * 7919) >> 3))], "text/csv"),
        ["zeros"] = (new byte[100_000], "text/csv"),
        ["a field without end"] = (Encoding.UTF8.GetBytes($"text,label\n{Words},one\n{new string('a', 3_000_000)}"), "text/csv"),
        ["Latin-1"] = (Encoding.Latin1.GetBytes("text,label\nGrüße,one\nother,two\n"), "text/csv"),
        ["JSON"] = (Encoding.UTF8.GetBytes($$"""{"text":"{{Words}}"}"""), "application/json"),
        ["an open quote"] = (Encoding.UTF8.GetBytes($"text,label\n\"{Words},one\nother,two\n"), "text/csv"),
        ["a form without a file"] = ("--x--\r\n"u8.ToArray(), "multipart/form-data; boundary=x"),
        ["a form without a boundary"] = ("--x--\r\n"u8.ToArray(), "multipart/form-data"),
        ["a form cut short"] = ("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\ntext,la"u8.ToArray(), "multipart/form-data; boundary=x"),
        ["a form of fields"] = ("text=a&label=b"u8.ToArray(), "application/x-www-form-urlencoded"),
    };

    public static TheoryData<string, string> TextCases => Cross([.. Predicting, .. GivingFeedback], Texts.Keys.Append("missing"));

    public static TheoryData<string, string> BodyCases =>
        Cross(
            [.. Predicting, .. GivingFeedback, .. Batches],
            Bodies.Keys.Concat(["an array or an object, the other one", "an array of the wrong things"]));

    public static TheoryData<string> FileCases => [.. Files.Keys];

    [Theory]
    [MemberData(nameof(TextCases))]
    public async Task A_text_that_is_none_is_refused(string route, string text)
    {
        var member = text == "missing" ? [] : Encoding.UTF8.GetBytes("\"text\":").Concat(Texts[text]).Concat(","u8.ToArray());
        byte[] body = [.. "{"u8, .. member, .. "\"prediction\":\"printer\",\"true_label\":\"network\"}"u8];

        await IsRefusedAsync(route, HttpCalls.Bytes(body, "application/json"));
    }

    [Theory]
    [MemberData(nameof(BodyCases))]
    public async Task A_body_that_is_not_what_is_expected_is_refused(string route, string body)
    {
        var batch = route.EndsWith("batch", StringComparison.Ordinal);
        var content = body switch
        {
            "an array or an object, the other one" => HttpCalls.Json(batch ? $$"""{"text":"{{Words}}"}""" : $$"""[{"text":"{{Words}}"}]"""),
            "an array of the wrong things" => HttpCalls.Json("[1,2]"),
            _ => HttpCalls.Bytes(Bodies[body].Body, Bodies[body].ContentType),
        };

        await IsRefusedAsync(route, content);
    }

    [Theory]
    [MemberData(nameof(FileCases))]
    public async Task A_file_that_cannot_be_imported_is_refused(string file) =>
        await IsRefusedAsync("api classifiers/fresh/dataset", HttpCalls.Bytes(Files[file].Body, Files[file].ContentType));

    [Theory]
    [InlineData("api classifiers/fresh/dataset")]
    [InlineData("api classifiers/tickets/predict/batch")]
    [InlineData("inference classifiers/tickets/predict/batch")]
    public async Task More_than_a_batch_or_an_import_may_have_is_refused_before_it_is_sent(string route)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Address(route))
        {
            Content = new NeverSent(200L * 1024 * 1024) { Headers = { { "Content-Type", route.EndsWith("batch", StringComparison.Ordinal) ? "application/json" : "text/csv" } } },
        };
        request.Headers.ExpectContinue = true;
        var before = one.System.Contents();
        using var response = await one.Http.SendAsync(request, HttpCalls.Cancellation);

        (await response.ErrorAsync(HttpStatusCode.RequestEntityTooLarge)).ShouldBe("The request is too large");
        one.System.Contents().ShouldBe(before);
        NoErrorIsLogged();
    }

    [Theory]
    [InlineData("api classifiers/nobody/predict")]
    [InlineData("api classifiers/nobody/predict/batch")]
    [InlineData("api classifiers/nobody/feedback")]
    [InlineData("api classifiers/nobody/retrain")]
    [InlineData("api classifiers/nobody/models/1/promote")]
    [InlineData("api classifiers/tickets/models/99/promote")]
    [InlineData("api classifiers/tickets/models/first/promote")]
    [InlineData("api classifiers/NOT%20A%20NAME/dataset")]
    [InlineData("api classifiers/-fresh/dataset")]
    [InlineData("api classifiers/fresh/dataset?mode=sideways")]
    [InlineData("api classifiers/fresh/dataset?text_column=nothing")]
    [InlineData("api classifiers/fresh/dataset?label_column=text")]
    [InlineData("api classifiers/..%2F..%2Ftickets/predict")]
    [InlineData("api tickets")]
    [InlineData("api nowhere")]
    [InlineData("inference classifiers/nobody/predict")]
    [InlineData("inference classifiers/nobody/predict/batch")]
    [InlineData("inference classifiers")]
    [InlineData("inference nowhere")]
    public async Task What_is_not_there_cannot_be_posted_to(string route)
    {
        var content = route.Contains("dataset", StringComparison.Ordinal) ? HttpCalls.Csv(SmallClassifier.Csv)
            : route.EndsWith("batch", StringComparison.Ordinal) ? HttpCalls.Json($$"""[{"text":"{{Words}}"}]""")
            : HttpCalls.Json($$"""{"text":"{{Words}}","prediction":"printer","true_label":"network"}""");

        await IsRefusedAsync(route, content);
    }

    [Theory]
    [InlineData("{\"text\":\"a printer\",\"true_label\":17}")]
    [InlineData("{\"text\":\"a printer\",\"true_label\":\"nothing like it\"}")]
    [InlineData("{\"text\":\"a printer\",\"true_label\":\"network\",\"right\":\"perhaps\"}")]
    [InlineData("{\"ticket_id\":\"unknown\",\"true_label\":\"network\"}")]
    [InlineData("{\"ticket_id\":17,\"true_label\":\"network\"}")]
    public async Task Feedback_that_makes_no_sense_is_refused(string body) =>
        await IsRefusedAsync("api classifiers/tickets/feedback", HttpCalls.Json(body));

    [Theory]
    [InlineData("api classifiers/tickets/predict/batch")]
    [InlineData("inference classifiers/tickets/predict/batch")]
    public async Task Lines_that_are_no_JSON_have_errors_in_their_places(string route)
    {
        var before = one.System.Contents();
        using var response = await one.Http.PostAsync(
            Address(route),
            HttpCalls.Bytes([.. "{\n[]\nnull\n17\n{\"text\":5}\n{\"text\":\"\\ud83d\"}\n"u8, 0xFF, 0xFE, (byte)'\n', .. "{\"text\":\""u8, 0xC3, 0x28, .. "\"}\n"u8], "application/x-ndjson"),
            HttpCalls.Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var lines = (await response.Content.ReadAsStringAsync(HttpCalls.Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(8);
        lines.ShouldAllBe(line => JsonElement.Parse(line, default).GetProperty("error").GetString() != string.Empty);
        one.System.Contents().ShouldBe(before);
        NoErrorIsLogged();
    }

    [Fact]
    public async Task Texts_and_labels_never_stand_in_the_logs()
    {
        var secret = "s" + Guid.NewGuid().ToString("N");
        var answer = await one.System.Api.Http.PostAsync("predict", new { text = $"printer {secret}" }, ContractsJson.Default.PredictionResponse);
        await one.System.Api.Http.GetAsync($"tickets/{answer.Id}/prediction", ContractsJson.Default.PredictionResponse);
        await one.System.Api.Http.GetAsync($"tickets?search={secret}", ContractsJson.Default.PageTicket);
        foreach (var body in new[]
        {
            $$"""{"text":"{{secret}}","prediction":"printer","true_label":"{{secret}}"}""",
            $$"""{"text":"{{secret}}","prediction":"printer","true_label":"network","who":"{{secret}}"}""",
            $$"""{"text":"{{secret}}""",
            $$"""{"text":["{{secret}}"]}""",
        })
        {
            foreach (var route in new[] { "api predict", "api feedback", "api classifiers/tickets/predict/batch", "inference predict" })
            {
                using var response = await one.Http.PostAsync(Address(route), HttpCalls.Json(body), HttpCalls.Cancellation);
            }
        }

        var csv = $"text,label\n{secret} printer,one\n\"{secret} \"wrong quotes,two\n,{secret}\n{secret} paper,two\n{secret} toner,one\n";
        await one.System.ImportAsync("secretive", csv);

        foreach (var service in one.System.Services)
        {
            service.Logs.All.ShouldAllBe(entry => !entry.Words.Contains(secret, StringComparison.OrdinalIgnoreCase));
        }
    }

    private static TheoryData<string, string> Cross(IEnumerable<string> routes, IEnumerable<string> inputs)
    {
        var cases = new TheoryData<string, string>();
        foreach (var route in routes)
        {
            foreach (var input in inputs)
            {
                cases.Add(route, input);
            }
        }

        return cases;
    }

    private async Task IsRefusedAsync(string route, HttpContent content)
    {
        var before = one.System.Contents();
        using (var request = new HttpRequestMessage(HttpMethod.Post, Address(route)) { Content = content })
        {
            // What is refused for its length is refused unread: the sender must ask first, or finds the connection closed.
            request.Headers.ExpectContinue = content.Headers.ContentLength > 1024 * 1024;
            using var response = await one.Http.SendAsync(request, HttpCalls.Cancellation);
            var body = await response.Content.ReadAsStringAsync(HttpCalls.Cancellation);
            ((int)response.StatusCode).ShouldBeInRange(400, 499, body);
            response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json", body);
            var problem = JsonElement.Parse(body);
            problem.GetProperty("error").GetString().ShouldNotBeNullOrWhiteSpace();
            problem.GetProperty("status").GetInt32().ShouldBe((int)response.StatusCode);
            body.ShouldNotContain(Words);
        }

        one.System.Contents().ShouldBe(before);
        NoErrorIsLogged();
    }

    private void NoErrorIsLogged() =>
        one.System.Services.SelectMany(service => service.Logs.Errors).Skip(_errorsBefore).ShouldBeEmpty();

    private Uri Address(string route)
    {
        var (service, path) = (route.Split(' ')[0], route[(route.IndexOf(' ') + 1)..]);
        return new Uri((service == "api" ? one.System.Api : one.System.Inference).Address, path);
    }

    /// <summary>One system for all cases: none of them may change it.</summary>
    public sealed class OneSystem : IAsyncLifetime
    {
        internal RunningSystem System { get; private set; } = null!;

        internal HttpClient Http { get; } =
            new(new SocketsHttpHandler { Expect100ContinueTimeout = Eventually.Limit }) { Timeout = Eventually.Limit };

        public async ValueTask InitializeAsync() =>
            System = await RunningSystem.StartSmallAsync("tickets", "--Retraining:After=1000000", $"--Logging:LogLevel:Default={LogLevel.Trace}");

        public async ValueTask DisposeAsync()
        {
            Http.Dispose();
            await System.DisposeAsync();
        }
    }

    /// <summary>A body that announces its length and fails the test if it is asked for.</summary>
    private sealed class NeverSent(long length) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            throw new InvalidOperationException("The body was asked for.");

        protected override bool TryComputeLength(out long announced)
        {
            announced = length;
            return true;
        }
    }
}
