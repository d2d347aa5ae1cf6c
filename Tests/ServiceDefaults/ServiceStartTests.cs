using System.Net;
using System.Net.Sockets;
using Shouldly;
using TicketAspire.ServiceDefaults.Starting;
using TicketAspire.Tests.EndToEnd;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.ServiceDefaults;

/// <summary>A service that cannot start says why in one line.</summary>
public sealed class ServiceStartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Inference", "--Prots:Inference=1", "Inference cannot start: No setting is called 'Prots:Inference'")]
    [InlineData("Api", "--Limits:Queue=many", "Api cannot start: Limits:Queue is 'many'; it must be a whole number from 0.")]
    [InlineData("Retrainer", "--Retraining:Engine=magic", "Retrainer cannot start: Retraining:Engine is 'magic'; an engine is own or mlnet.")]
    public async Task A_service_that_cannot_start_says_why_in_one_line(string service, string argument, string said)
    {
        var (exitCode, output) = await HostProcess.RunToEndAsync(
            Path.Combine(AppContext.BaseDirectory, $"{service}.dll"), _folder.Path, $"--Ports:{service}=0", argument);

        exitCode.ShouldBe(1);
        output.Trim().Split('\n').Length.ShouldBe(1, output);
        output.ShouldContain(said);
    }

    [Fact]
    public async Task A_port_in_use_is_said_with_how_to_choose_another()
    {
        using var occupied = new TcpListener(IPAddress.Loopback, 0);
        occupied.Start();

        var (exitCode, output) = await HostProcess.RunToEndAsync(
            Path.Combine(AppContext.BaseDirectory, "Web.dll"), _folder.Path, "--Host=127.0.0.1", $"--Ports:Web={((IPEndPoint)occupied.LocalEndpoint).Port}");

        exitCode.ShouldBe(1);
        output.Trim().Split('\n').Length.ShouldBe(1, output);
        output.ShouldContain("address already in use. Choose another port: --Ports:Web");
    }

    [Fact]
    public async Task Help_lists_the_settings()
    {
        var (exitCode, output) = await HostProcess.RunToEndAsync(Path.Combine(AppContext.BaseDirectory, "Api.dll"), _folder.Path, "--help");

        exitCode.ShouldBe(0);
        output.ShouldContain("Limits:TextLength");
    }

    [Fact]
    public void A_fault_of_the_program_is_not_put_into_words() =>
        StartProblem.Of("Api", new NotSupportedException("Not yet")).ShouldBeNull();

    [Fact]
    public void The_reason_is_the_first_line_of_what_is_said() =>
        StartProblem.Of("Api", new InvalidOperationException("No certificate.\nSee https://example.com")).ShouldBe("Api cannot start: No certificate.");
}
