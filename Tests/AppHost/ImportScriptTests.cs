using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Shouldly;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.AppHost;

public sealed class ImportScriptTests : IDisposable
{
    private const string User = "elastic";

    // What a shell, curl's configuration and JSON each read as something else.
    private const string Password = """p"a\s$s 'w`o#rd:%41&""";
    private const string SystemPassword = """k"i\b$ana""";

    private readonly string _scratch = Directory.CreateTempSubdirectory("ticketaspire-").FullName;

    public void Dispose() => Directory.Delete(_scratch, recursive: true);

    [Fact]
    public async Task Waits_while_Kibana_starts_and_then_imports_the_file_as_it_is()
    {
        await using var kibana = await ElasticStandIn.StartAsync();
        kibana.NotReady = 3;

        var run = await RunAsync(kibana.Address);

        run.ExitCode.ShouldBe(0, run.Errors);
        run.Output.ShouldContain($"{kibana.Address}/app/dashboards#/view/ticketaspire");
        kibana.Requests.Select(request => $"{request.Method} {request.Path}{request.Query}").ShouldBe(
        [
            "GET /api/status", "GET /api/status", "GET /api/status", "GET /api/status",
            "POST /api/saved_objects/_import?overwrite=true",
        ]);
        var import = kibana.Changes.ShouldHaveSingleItem();
        import.Headers["kbn-xsrf"].ToString().ShouldNotBeEmpty();
        import.Headers.ContentType.ToString().ShouldStartWith("multipart/form-data; boundary=");
        // Kibana takes no file whose name ends otherwise.
        import.FileName.ShouldBe("dashboards.ndjson");
        import.File.ShouldBe(await File.ReadAllBytesAsync(AppHostFiles.Dashboards, HttpCalls.Cancellation));
        ShouldBeSignedIn(kibana);
    }

    [Fact]
    public async Task A_second_run_does_the_same_once_more()
    {
        await using var kibana = await ElasticStandIn.StartAsync();
        await using var elasticsearch = await ElasticStandIn.StartAsync();

        (await RunAsync(kibana.Address, elasticsearch.Address)).ExitCode.ShouldBe(0);
        (await RunAsync(kibana.Address, elasticsearch.Address)).ExitCode.ShouldBe(0);

        ShouldBeTwiceTheSame(kibana);
        ShouldBeTwiceTheSame(elasticsearch);
    }

    [Fact]
    public async Task Elasticsearch_gets_password_lifecycle_and_template_before_Kibana_is_waited_for()
    {
        await using var kibana = await ElasticStandIn.StartAsync();
        await using var elasticsearch = await ElasticStandIn.StartAsync();
        elasticsearch.NotReady = 1;
        var askedBefore = new List<int>();
        elasticsearch.WhileAsked = () => askedBefore.Add(kibana.Requests.Count);

        var run = await RunAsync(
            kibana.Address, $"{elasticsearch.Address}/,http://another:9200", ("KIBANA_SYSTEM_PASSWORD", SystemPassword));

        run.ExitCode.ShouldBe(0, run.Errors);
        elasticsearch.Changes.Select(request => $"{request.Method} {request.Path}").ShouldBe(
        [
            "POST /_security/user/kibana_system/_password",
            "PUT /_ilm/policy/logs-ticketaspire",
            "PUT /_index_template/logs-ticketaspire",
        ]);
        elasticsearch.Changes.ShouldAllBe(request => request.Headers.ContentType == "application/json");
        using var password = JsonDocument.Parse(elasticsearch.Changes[0].Body);
        password.RootElement.GetProperty("password").GetString().ShouldBe(SystemPassword);
        elasticsearch.Changes[1].Body.ShouldBe(await File.ReadAllBytesAsync(AppHostFiles.LogsLifecycle, HttpCalls.Cancellation));
        elasticsearch.Changes[2].Body.ShouldBe(await File.ReadAllBytesAsync(AppHostFiles.LogsTemplate, HttpCalls.Cancellation));
        // Kibana cannot sign in, and so is never ready, until it has its password.
        askedBefore.ShouldAllBe(asked => asked == 0);
        ShouldBeSignedIn(elasticsearch);
    }

    [Fact]
    public async Task Objects_that_Kibana_has_not_taken_are_a_failure_and_named()
    {
        await using var kibana = await ElasticStandIn.StartAsync();
        kibana.Answer =
            """{"successCount":14,"success":false,"errors":[{"id":"ticketaspire","type":"dashboard","error":{"type":"missing_references"}}]}""";

        var run = await RunAsync(kibana.Address);

        run.ExitCode.ShouldBe(1);
        run.Errors.ShouldContain("Kibana has not taken all objects");
        run.Errors.ShouldContain("missing_references");
    }

    [Fact]
    public async Task A_refused_password_is_a_failure_that_says_so()
    {
        await using var kibana = await ElasticStandIn.StartAsync();
        kibana.Status = StatusCodes.Status401Unauthorized;

        var run = await RunAsync(kibana.Address);

        run.ExitCode.ShouldBe(1);
        run.Errors.ShouldContain("Kibana refuses the user name or the password (status 401)");
    }

    [Fact]
    public async Task What_Elasticsearch_refuses_is_a_failure_and_Kibana_is_left_alone()
    {
        await using var kibana = await ElasticStandIn.StartAsync();
        await using var elasticsearch = await ElasticStandIn.StartAsync();
        elasticsearch.Status = StatusCodes.Status400BadRequest;
        elasticsearch.Answer = """{"error":{"type":"illegal_argument_exception","reason":"unknown setting"}}""";

        var run = await RunAsync(kibana.Address, elasticsearch.Address);

        run.ExitCode.ShouldBe(1);
        run.Errors.ShouldContain("Lifecycle of the logs: Elasticsearch answered with status 400");
        run.Errors.ShouldContain("unknown setting");
        kibana.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Kibana_that_never_gets_ready_is_given_up()
    {
        await using var kibana = await ElasticStandIn.StartAsync();
        kibana.NotReady = int.MaxValue;

        var run = await RunAsync(kibana.Address);

        run.ExitCode.ShouldBe(1);
        run.Errors.ShouldContain("Kibana is not ready: 5 attempts, the last answer had status 503.");
        kibana.Requests.Count.ShouldBe(5);
        kibana.Changes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Kibana_that_is_not_there_is_given_up()
    {
        using var nobody = new SilentPort();

        var run = await RunAsync(nobody.Address.ToString());

        run.ExitCode.ShouldBe(1);
        run.Errors.ShouldContain("Kibana cannot be reached: 5 attempts.");
    }

    [Fact]
    public async Task Passwords_are_on_no_command_line()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Command lines are read from /proc.");
        await using var elastic = await ElasticStandIn.StartAsync();
        var seen = new List<string>();
        elastic.WhileAsked = () => seen.AddRange(CommandLines().Where(line => line.Contains(elastic.Address, StringComparison.Ordinal)));

        (await RunAsync(elastic.Address, elastic.Address, ("KIBANA_SYSTEM_PASSWORD", "plain-and-long"))).ExitCode.ShouldBe(0);

        // curl is among them, so that this has looked at the right ones.
        seen.ShouldContain(line => line.StartsWith("curl", StringComparison.Ordinal));
        seen.ShouldAllBe(line => !line.Contains(Password, StringComparison.Ordinal));
        seen.ShouldAllBe(line => !line.Contains("plain-and-long", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Help_explains_itself_and_does_nothing()
    {
        var help = await ProgramRun.OfAsync("sh", [AppHostFiles.ImportScript, "--help"], new Dictionary<string, string>());
        help.ExitCode.ShouldBe(0);
        string[] variables = ["KIBANA_URL", "ELASTICSEARCH_HOSTS", "ELASTICSEARCH_PASSWORD", "ELASTICSEARCH_CA", "IMPORT_ATTEMPTS"];
        variables.ShouldAllBe(variable => help.Output.Contains(variable, StringComparison.Ordinal));

        var wrong = await ProgramRun.OfAsync("sh", [AppHostFiles.ImportScript, "--now"], new Dictionary<string, string>());
        wrong.ExitCode.ShouldBe(2);
        wrong.Errors.ShouldContain("Usage:");
    }

    [Theory]
    [InlineData("many")]
    [InlineData("0")]
    public async Task A_number_of_attempts_that_is_none_is_refused_before_anything_is_asked(string attempts)
    {
        await using var kibana = await ElasticStandIn.StartAsync();

        var run = await RunAsync(kibana.Address, null, ("IMPORT_ATTEMPTS", attempts));

        run.ExitCode.ShouldBe(1);
        run.Errors.ShouldContain("IMPORT_ATTEMPTS is a number");
        kibana.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Shellcheck_finds_nothing()
    {
        var path = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator) ?? [];
        var isInstalled = path.Any(folder => File.Exists(Path.Combine(folder, "shellcheck")));
        Assert.SkipUnless(isInstalled, "No shellcheck is installed (apt-get install shellcheck).");

        var run = await ProgramRun.OfAsync("shellcheck", ["--shell=sh", AppHostFiles.ImportScript], new Dictionary<string, string>());

        run.Output.ShouldBeEmpty();
        run.ExitCode.ShouldBe(0);
    }

    private async Task<ProgramRun> RunAsync(string kibana, string? elasticsearch = null, params (string Name, string Value)[] more)
    {
        var environment = new Dictionary<string, string>
        {
            ["KIBANA_URL"] = kibana,
            ["ELASTICSEARCH_HOSTS"] = elasticsearch ?? "",
            ["ELASTICSEARCH_USERNAME"] = User,
            ["ELASTICSEARCH_PASSWORD"] = Password,
            ["IMPORT_ATTEMPTS"] = "5",
            ["IMPORT_DELAY"] = "0",
            ["TMPDIR"] = _scratch,
        };
        foreach (var (name, value) in more)
        {
            environment[name] = value;
        }

        var run = await ProgramRun.OfAsync("sh", [AppHostFiles.ImportScript], environment);

        (run.Output + run.Errors).ShouldNotContain(Password);
        (run.Output + run.Errors).ShouldNotContain(SystemPassword);
        Directory.EnumerateFileSystemEntries(_scratch).ShouldBeEmpty();
        return run;
    }

    private static void ShouldBeSignedIn(ElasticStandIn standIn)
    {
        var expected = $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}"))}";
        standIn.Requests.ShouldAllBe(request => request.Headers.Authorization == expected);
    }

    private static void ShouldBeTwiceTheSame(ElasticStandIn standIn)
    {
        var changes = standIn.Changes;
        var half = changes.Count / 2;
        half.ShouldBeGreaterThan(0);
        changes.Count.ShouldBe(2 * half);
        foreach (var (first, second) in changes.Take(half).Zip(changes.Skip(half)))
        {
            (second.Method, second.Path, second.Query).ShouldBe((first.Method, first.Path, first.Query));
            second.Body.ShouldBe(first.Body);
            second.File.ShouldBe(first.File);
        }
    }

    private static IEnumerable<string> CommandLines()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])))
        {
            string line;
            try
            {
                line = File.ReadAllText(Path.Combine(folder, "cmdline"));
            }
            catch (IOException)
            {
                // It has ended meanwhile.
                continue;
            }

            yield return line;
        }
    }
}
