using System.Net;
using Microsoft.AspNetCore.Http;
using Shouldly;
using TicketAspire.ServiceDefaults.Errors;
using TicketAspire.ServiceDefaults.Http;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.ServiceDefaults;

/// <summary>Who is at fault when a call of another service fails.</summary>
public sealed class ResilienceTests
{
    /// <summary>As many failures open the circuit.</summary>
    private const int Many = 20;

    [Fact]
    public async Task A_body_that_our_caller_sends_too_long_is_the_callers_fault_and_leaves_the_circuit_closed()
    {
        using var other = new OtherService();
        using var handler = new ResilienceHandler(new ResilienceRegistry(TimeProvider.System), "other") { InnerHandler = other };
        using var http = new HttpMessageInvoker(handler);
        other.Fault = new HttpRequestException(
            "Error while copying content to a stream.", new BadHttpRequestException("Request body too large.", StatusCodes.Status413PayloadTooLarge));
        for (var call = 0; call < Many; call++)
        {
            (await Should.ThrowAsync<BadHttpRequestException>(() => SendAsync(http))).StatusCode.ShouldBe(StatusCodes.Status413PayloadTooLarge);
        }

        other.Fault = null;
        (await SendAsync(http)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_service_that_breaks_off_is_unavailable()
    {
        using var other = new OtherService { Fault = new HttpRequestException("broken off", new IOException("reset")) };
        using var handler = new ResilienceHandler(new ResilienceRegistry(TimeProvider.System), "other") { InnerHandler = other };
        using var http = new HttpMessageInvoker(handler);

        (await Should.ThrowAsync<RequestException>(() => SendAsync(http))).Status.ShouldBe(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<HttpStatusCode> SendAsync(HttpMessageInvoker http)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("http://other/"));
        using var response = await http.SendAsync(request, HttpCalls.Cancellation);
        return response.StatusCode;
    }

    private sealed class OtherService : HttpMessageHandler
    {
        public HttpRequestException? Fault { get; set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Fault is null ? Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)) : Task.FromException<HttpResponseMessage>(Fault);
    }
}
