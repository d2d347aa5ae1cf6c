using System.Net;
using System.Text.RegularExpressions;
using Shouldly;
using TicketAspire.Tests.Support;
using TicketAspire.Tests.Support.Redis;
using TicketAspire.Web;
using Xunit;

namespace TicketAspire.Tests.Replicas;

public sealed partial class WebReplicaTests
{
    private const string Classifier = "pages";

    [Theory]
    [InlineData(true, HttpStatusCode.Redirect)]
    [InlineData(false, HttpStatusCode.BadRequest)]
    public async Task A_form_of_one_Web_is_taken_by_another_where_they_share_their_keys(bool shared, HttpStatusCode expected)
    {
        RedisServer.Require();
        await using var redis = await RedisServer.StartAsync();
        await using var system = await RunningSystem.StartSmallAsync(Classifier, $"--ConnectionStrings:redis={redis.ConnectionString}");
        string[] settings =
        [
            $"--services:api:http:0={system.Api.Address}",
            $"--ConnectionStrings:redis={(shared ? redis.ConnectionString : string.Empty)}",
        ];
        await using var one = await RunningService.StartAsync(WebService.Build, settings);
        await using var other = await RunningService.StartAsync(WebService.Build, settings);
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false });

        using var page = await browser.GetAsync(new Uri(one.Address, $"models?classifier={Classifier}"), HttpCalls.Cancellation);
        var form = FormPattern().Match(await page.Content.ReadAsStringAsync(HttpCalls.Cancellation));
        form.Success.ShouldBeTrue();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(other.Address, form.Groups["action"].Value));
        request.Headers.Add("Cookie", page.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0]));
        request.Content = new FormUrlEncodedContent(
        [
            new("__RequestVerificationToken", form.Groups["token"].Value), new("classifier", Classifier),
        ]);
        using var answer = await browser.SendAsync(request, HttpCalls.Cancellation);

        answer.StatusCode.ShouldBe(expected, await answer.Content.ReadAsStringAsync(HttpCalls.Cancellation));
    }

    [GeneratedRegex("<form[^>]*action=\"(?<action>[^\"]*retrain[^\"]*)\".*?name=\"__RequestVerificationToken\" value=\"(?<token>[^\"]+)\"", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex FormPattern();
}
