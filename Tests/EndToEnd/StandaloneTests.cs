using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Tests.Support;
using TicketAspire.Tests.Support.Redis;
using Xunit;

namespace TicketAspire.Tests.EndToEnd;

public sealed class StandaloneTests : IDisposable
{
    private static readonly ContractsJson Json = ContractsJson.Default;
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task From_a_ticket_to_a_better_model_and_through_a_restart()
    {
        string[] ids;
        await using (var host = await StandaloneProcess.StartAsync(_folder.Path))
        {
            File.Exists(Path.Combine(_folder.Path, "data", "ticketaspire.db")).ShouldBeTrue();
            using var api = new HttpClient { BaseAddress = host.Api };
            var answers = await ClassifyAsync(api);
            answers.ShouldAllBe(answer => answer.Model == 1);
            answers.Count(answer => answer.Prediction == ParkingTickets.Category).ShouldBeLessThan(answers.Length);
            ids = [.. answers.Select(answer => answer.Id!)];

            await using var events = await EventListener.OpenAsync(api);
            (await events.NextAsync()).Type.ShouldBe("ready");
            foreach (var id in ids)
            {
                (await CorrectAsync(api, id)).Message.ShouldBe("Feedback saved!");
            }

            await events.NextAsync(change => change is { Type: EventTypes.Champion, Model: 2 });
            await ServedAsync(host.Inference, 2);
            await ShouldBeRightAsync(api);
            (await host.StopAsync()).ShouldBe(0);
            host.Output.ShouldContain("Stopping.");
        }

        await using (var host = await StandaloneProcess.StartAsync(_folder.Path))
        {
            using var api = new HttpClient { BaseAddress = host.Api };
            await ServedAsync(host.Inference, 2);
            await ShouldBeRightAsync(api);
            foreach (var id in ids)
            {
                var ticket = await api.GetFromJsonAsync($"tickets/{id}", Json.Ticket, Cancellation);
                ticket!.Label.ShouldBe(ParkingTickets.Category);
            }

            var feedback = await api.GetFromJsonAsync("classifiers/tickets/feedback", Json.PageFeedbackEntry, Cancellation);
            feedback!.Items.Count.ShouldBe(ids.Length);
            var runs = await api.GetFromJsonAsync("classifiers/tickets/runs", Json.IReadOnlyListRetrainingRun, Cancellation);
            runs!.Count(run => run.Trigger == RunTrigger.Feedback).ShouldBe(1);
            (await host.StopAsync()).ShouldBe(0);
        }
    }

    [Fact]
    public async Task Ctrl_C_ends_it()
    {
        await using var host = await StandaloneProcess.StartListeningAsync(_folder.Path, "--Retraining:StarterData=false");

        (await host.InterruptAsync()).ShouldBe(0);

        host.Output.ShouldContain("Stopping.");
    }

    [Theory]
    [InlineData("--Prots:Web=1", "No setting is called 'Prots:Web'; 'Ports:Web' is.")]
    [InlineData("--Retraining:After=ten", "Retraining:After is 'ten'; it must be a whole number from 0.")]
    [InlineData("--Retraining:Schedule=sometimes", "Retraining:Schedule is 'sometimes'")]
    public async Task A_setting_that_nobody_reads_or_that_makes_no_sense_gives_one_clear_line_and_an_exit_code(string argument, string said)
    {
        var (exitCode, output) = await StandaloneProcess.RunToEndAsync(_folder.Path, [.. HostOutput.FreePorts, argument]);

        exitCode.ShouldBe(1);
        output.Trim().Split('\n').Length.ShouldBe(1, output);
        output.ShouldContain(said);
    }

    [Fact]
    public async Task A_port_in_use_gives_one_clear_line_and_an_exit_code()
    {
        using var occupied = new TcpListener(IPAddress.Loopback, 0);
        occupied.Start();
        var port = ((IPEndPoint)occupied.LocalEndpoint).Port;

        var (exitCode, output) = await StandaloneProcess.RunToEndAsync(
            _folder.Path, "--Ports:Inference=0", $"--Ports:Api={port}", "--Host=127.0.0.1");

        exitCode.ShouldBe(1);
        output.Trim().Split('\n').Length.ShouldBe(1, output);
        output.ShouldContain($"Port {port} (Api) is in use already");
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_written_gives_one_clear_line_and_an_exit_code()
    {
        var file = Path.Combine(_folder.Path, "file");
        await File.WriteAllTextAsync(file, "no folder", Cancellation);

        var (exitCode, output) = await StandaloneProcess.RunToEndAsync(
            _folder.Path, "--Ports:Inference=0", $"--Storage:Path={file}/ticketaspire.db");

        exitCode.ShouldBe(1);
        output.Trim().Split('\n').Length.ShouldBe(1, output);
        output.ShouldContain(file);
    }

    [Fact]
    public async Task On_a_Redis_server_it_leaves_no_file_and_says_where_the_data_is()
    {
        RedisServer.Require();
        await using var redis = await RedisServer.StartAsync("--appendfsync", "everysec");
        await using var host = await StandaloneProcess.StartAsync(_folder.Path, "--redis", redis.ConnectionString);

        host.Output.ShouldContain($"Redis at 127.0.0.1:{redis.Port}");
        host.Output.ShouldContain("Warning    Redis writes its append-only file later");
        using var api = new HttpClient { BaseAddress = host.Api };
        (await ClassifyAsync(api)).ShouldAllBe(answer => answer.Model == 1 && answer.Id != null);
        Directory.Exists(Path.Combine(_folder.Path, "data")).ShouldBeFalse();
        (await host.StopAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_Redis_server_that_is_not_there_gives_one_clear_line_and_an_exit_code()
    {
        using var silent = new SilentPort();

        var (exitCode, output) = await StandaloneProcess.RunToEndAsync(
            _folder.Path, "--Ports:Inference=0", $"--redis={silent.Address.Authority},connectTimeout=200");

        exitCode.ShouldBe(1);
        output.Trim().Split('\n').Length.ShouldBe(1, output);
        output.ShouldContain($"{silent.Address.Authority}");
        output.ShouldContain("--redis");
    }

    [Theory]
    [InlineData("--Ports:Web=many", "Ports:Web")]
    [InlineData("--Ports:Web=70000", "Ports:Web")]
    public async Task A_port_that_is_none_is_named(string argument, string named)
    {
        var (exitCode, output) = await StandaloneProcess.RunToEndAsync(
            _folder.Path, "--Ports:Inference=0", "--Ports:Api=0", argument);

        exitCode.ShouldBe(1);
        output.ShouldContain(named);
    }

    [Fact]
    public async Task Help_names_the_settings()
    {
        var (exitCode, output) = await StandaloneProcess.RunToEndAsync(_folder.Path, "--help");

        exitCode.ShouldBe(0);
        output.ShouldContain("--Ports:Web");
        output.ShouldContain("--Storage:Path");
    }

    private static async Task<PredictionResponse[]> ClassifyAsync(HttpClient api)
    {
        var answers = new List<PredictionResponse>();
        foreach (var text in ParkingTickets.Texts)
        {
            using var response = await api.PostAsJsonAsync("predict", new PredictRequest(text), Json.PredictRequest, Cancellation);
            answers.Add((await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync(Json.PredictionResponse, Cancellation))!);
        }

        return [.. answers];
    }

    private static async Task<FeedbackResponse> CorrectAsync(HttpClient api, string ticket)
    {
        using var response = await api.PostAsJsonAsync(
            "classifiers/tickets/feedback",
            new FeedbackRequest { TicketId = ticket, TrueLabel = ParkingTickets.Category },
            Json.FeedbackRequest,
            Cancellation);
        return (await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync(Json.FeedbackResponse, Cancellation))!;
    }

    private static async Task ShouldBeRightAsync(HttpClient api)
    {
        foreach (var answer in await ClassifyAsync(api))
        {
            answer.Model.ShouldBe(2);
            answer.Prediction.ShouldBe(ParkingTickets.Category);
        }
    }

    private static async Task ServedAsync(Uri inference, int version)
    {
        using var client = new HttpClient { BaseAddress = inference };
        await Eventually.IsSoAsync(
            $"version {version} serves",
            async _ => (await client.GetFromJsonAsync("classifiers", Json.IReadOnlyListServedClassifier, Cancellation))!
                .Any(served => served.Name == "tickets" && served.Model == version),
            Cancellation);
    }
}
