using System.Net;
using System.Net.Sockets;
using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.Aspire;

/// <summary>Starting and stopping the app host, without a container engine.</summary>
public sealed class AppHostProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_says_where_everything_is_leaves_nothing_behind_and_finds_everything_again()
    {
        string id;
        await using (var host = await AppHostProcess.StartAsync(_folder.Path, "--no-containers"))
        {
            host.Output.ShouldContain("First start, training tickets");
            host.Output.ShouldContain("with Docker or Podman: Redis, Elasticsearch, Kibana, Logstash and Vault");
            host.Output.ShouldContain(Path.Combine(_folder.Path, "test.db"));
            host.Output.ShouldNotContain("warn:");
            await ShouldAnswerAsync(host.Web);
            // With what signs a person in, it is the page itself and not the one that asks for it.
            (await ShouldAnswerAsync(host.Dashboard)).AbsolutePath.ShouldNotContain("login");

            using var api = new HttpClient { BaseAddress = host.Api };
            id = (await api.PostAsync("predict", new { text = ParkingTickets.Texts[0] }, ContractsJson.Default.PredictionResponse)).Id!;
            var tree = ProcessTree.Of(host.Id);
            tree.Names.Count(name => name.Contains("Inference.dll", StringComparison.Ordinal)).ShouldBe(2);
            tree.Names.ShouldNotContain(name => name.Contains(" run ", StringComparison.Ordinal));
            (await host.StopAsync()).ShouldBe(0);
            host.Output.ShouldContain("Stopping.");
            await IsGoneAsync(tree);
            foreach (var address in new[] { host.Web, host.Api, host.Inference, host.Dashboard })
            {
                using var free = new TcpListener(IPAddress.Loopback, address.Port);
                Should.NotThrow(free.Start, address.ToString());
            }
        }

        await using (var host = await AppHostProcess.StartAsync(_folder.Path, "--no-containers"))
        {
            host.Output.ShouldNotContain("First start");
            using var api = new HttpClient { BaseAddress = host.Api };
            (await api.GetAsync($"tickets/{id}", ContractsJson.Default.Ticket)).Text.ShouldBe(ParkingTickets.Texts[0]);
            (await api.GetAsync("classifiers/tickets", ContractsJson.Default.ClassifierSummary)).Champion!.Version.ShouldBe(1);
            var tree = ProcessTree.Of(host.Id);
            await host.KillAsync();
            await IsGoneAsync(tree);
            tree.Names.Count.ShouldBeGreaterThan(6);
        }
    }

    [Theory]
    [InlineData("--Prots:Web=3001", "No setting is called 'Prots:Web'; 'Ports:Web' is.")]
    [InlineData("--Ports:Web=many", "Ports:Web is 'many'; a port is a number from 0 to 65535.")]
    [InlineData("--Ports:Dashboard=-1", "Ports:Dashboard is '-1'")]
    [InlineData("-redis=127.0.0.1,password=s3cret", "No setting is called '-redis'")]
    [InlineData("--Host=*", "No setting is called 'Host'")]
    [InlineData("--Retraining:After=ten", "Retraining:After is 'ten'; it must be a whole number from 0.")]
    [InlineData("--redis=127.0.0.1:1,connectTimeout=200", "Redis at 127.0.0.1:1")]
    [InlineData("--redis=a=b=c", "ConnectionStrings:redis")]
    [InlineData("--elasticsearch=http://elastic:s3cret@127.0.0.1:1", "Elasticsearch at 127.0.0.1:1 does not answer. --elasticsearch names the server")]
    [InlineData("--elasticsearch=s3cret", "ConnectionStrings:elasticsearch is not an address")]
    [InlineData("--containers", "--containers and --no-containers contradict each other")]
    public async Task What_cannot_be_is_said_in_one_line_before_anything_starts(string argument, string said)
    {
        var (exitCode, output) = await AppHostProcess.RunToEndAsync(_folder.Path, argument, "--no-containers");

        exitCode.ShouldBe(1);
        output.Trim().Split('\n').Length.ShouldBe(1, output);
        output.ShouldContain(said);
        output.ShouldNotContain("s3cret");
    }

    [Fact]
    public async Task A_port_in_use_is_said_in_one_line()
    {
        using var occupied = new TcpListener(IPAddress.Loopback, 0);
        occupied.Start();
        var port = ((IPEndPoint)occupied.LocalEndpoint).Port;

        foreach (var name in new[] { "Api", "Dashboard" })
        {
            var (exitCode, output) = await AppHostProcess.RunToEndAsync(_folder.Path, $"--Ports:{name}={port}", "--no-containers");

            exitCode.ShouldBe(1);
            output.Trim().ShouldBe($"Port {port} ({name}) is in use already. Choose another: --Ports:{name} {port + 1}");
        }
    }

    [Fact]
    public async Task A_port_that_two_are_to_have_is_said_in_one_line()
    {
        using var port = new SilentPort();

        var (exitCode, output) = await AppHostProcess.RunToEndAsync(
            _folder.Path, $"--Ports:Web={port.Address.Port + 1}", $"--Ports:Api={port.Address.Port + 1}", "--no-containers");

        exitCode.ShouldBe(1);
        output.Trim().ShouldContain($"Port {port.Address.Port + 1} is to be that of ");
    }

    [Fact]
    public async Task Containers_are_insisted_on_where_an_engine_must_answer()
    {
        Assert.SkipWhen(await TicketAspire.AppHost.Starting.ContainerEngine.AnswersAsync(chosen: null, HttpCalls.Cancellation), "A container engine answers.");

        var (exitCode, output) = await AppHostProcess.RunToEndAsync(_folder.Path, "--containers");

        exitCode.ShouldBe(1);
        output.Trim().ShouldBe("No container engine: neither docker nor podman answers. Start one, or run without: --no-containers");
    }

    [Fact]
    public async Task Without_starter_data_it_is_ready_at_once()
    {
        await using var host = await AppHostProcess.StartAsync(_folder.Path, "--Retraining:StarterData=false", "--no-containers");

        host.Output.ShouldContain("Ready: no classifier yet");
        await host.StopAsync();
        host.Output.ShouldNotContain("Warning");
    }

    [Fact]
    public async Task What_a_service_says_when_it_cannot_start_is_the_last_line_and_nothing_is_left_running()
    {
        var file = Path.Combine(_folder.Path, "file");
        await File.WriteAllTextAsync(file, "no folder", HttpCalls.Cancellation);

        var (exitCode, output) = await AppHostProcess.RunToEndAsync(_folder.Path, $"--Storage:Path={file}/test.db", "--no-containers");

        exitCode.ShouldBe(1);
        output.Trim().Split('\n')[^1].ShouldContain($"cannot start: The folder of the database '{file}/test.db' cannot be created");
    }

    [Theory]
    [InlineData("", "--output-path names the manifest's file")]
    [InlineData("file/manifest.json", "could not be written")]
    public async Task A_manifest_that_is_not_written_is_no_success(string path, string said)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "file"), "no folder", HttpCalls.Cancellation);

        var (exitCode, output) = await AppHostProcess.RunToEndAsync(_folder.Path, "--publisher=manifest", $"--output-path={path}");

        exitCode.ShouldBe(1);
        output.Trim().Split('\n')[^1].ShouldContain(said);
    }

    [Fact]
    public async Task Help_names_the_options()
    {
        var (exitCode, output) = await AppHostProcess.RunToEndAsync(_folder.Path, "--help");

        exitCode.ShouldBe(0);
        output.ShouldContain("--no-containers");
        output.ShouldContain("--Ports:Dashboard");
    }

    private static Task IsGoneAsync(ProcessTree tree) =>
        Eventually.IsSoAsync("no process is left", _ => Task.FromResult(tree.Running.Count == 0), HttpCalls.Cancellation);

    // Where it has led to.
    private static async Task<Uri> ShouldAnswerAsync(Uri page)
    {
        using var http = new HttpClient();
        // The dashboard runs before it listens.
        return await Eventually.GetAsync(
            $"{page} answers",
            async cancellation =>
            {
                try
                {
                    using var answer = await http.GetAsync(page, cancellation);
                    return answer.EnsureSuccessStatusCode().RequestMessage!.RequestUri!;
                }
                catch (HttpRequestException exception) when (exception.StatusCode is null)
                {
                    return null;
                }
            },
            HttpCalls.Cancellation);
    }
}
