using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using TicketAspire.ServiceDefaults.Errors;
using TicketAspire.ServiceDefaults.Http;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.ServiceDefaults;

/// <summary>A call whose connection ends before the answer, as when a replica ends.</summary>
public sealed class LostAnswerTests : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ServiceProvider _services;
    private int _requests;

    public LostAnswerTests()
    {
        _listener.Start();
        var services = new ServiceCollection()
            .AddSingleton(TimeProvider.System)
            .AddSingleton<IConfiguration>(new ConfigurationBuilder()
                .AddCommandLine([$"--services:other:http:0=http://{_listener.LocalEndpoint}"])
                .Build());
        services.AddServiceClient<OtherService>("other");
        _services = services.BuildServiceProvider();
        _ = AnswerAsync();
    }

    [Fact]
    public async Task What_changes_nothing_is_asked_again()
    {
        using var answer = await SendAsync(isPure: true);

        (await answer.Content.ReadAsStringAsync(HttpCalls.Cancellation)).ShouldBe("ok");
        _requests.ShouldBe(2);
    }

    [Fact]
    public async Task What_may_have_changed_something_is_not()
    {
        var refusal = await Should.ThrowAsync<RequestException>(() => SendAsync(isPure: false));

        refusal.Status.ShouldBe(503);
        _requests.ShouldBe(1);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _services.Dispose();
    }

    private async Task<HttpResponseMessage> SendAsync(bool isPure)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "predict") { Content = new StringContent("text"), IsPure = isPure };
        return await _services.GetRequiredService<OtherService>().Http.SendAsync(request, HttpCalls.Cancellation);
    }

    // Takes the first request and ends without an answer.
    private async Task AnswerAsync()
    {
        try
        {
            while (true)
            {
                using var connection = await _listener.AcceptTcpClientAsync();
                await using var stream = connection.GetStream();
                var received = new StringBuilder();
                var buffer = new byte[1024];
                while (!received.ToString().EndsWith("text", StringComparison.Ordinal))
                {
                    received.Append(Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer)));
                }

                if (Interlocked.Increment(ref _requests) > 1)
                {
                    await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"u8.ToArray());
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or IOException)
        {
            // The test is over.
        }
    }

    private sealed class OtherService(HttpClient http)
    {
        public HttpClient Http => http;
    }
}
