using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shouldly;
using TicketAspire.Storage;
using TicketAspire.Storage.Elasticsearch;
using TicketAspire.Tests.Support;
using TicketAspire.Tests.Support.Elasticsearch;
using Xunit;

namespace TicketAspire.Tests.Storage.Elasticsearch;

/// <summary>Where Elasticsearch is, who asks, what it is set up with, and what is said when it does not answer.</summary>
public sealed class ElasticsearchConnectionTests
{
    private const string Secret = "s3cr3t:p@ss";

    private static CancellationToken Cancellation => HttpCalls.Cancellation;

    [Fact]
    public async Task A_user_and_password_of_the_connection_string_go_with_each_request_and_appear_nowhere()
    {
        await using var elastic = await ElasticsearchStandIn.StartAsync();
        elastic.Authorization = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"elastic:{Secret}"));
        await using var site = await RecorderSite.StartAsync(
            elastic.Address.Replace("://", $"://elastic:{Uri.EscapeDataString(Secret)}@", StringComparison.Ordinal));

        site.Recorder.Record(RecorderSite.Tickets(1));
        await site.IsSentAsync();
        (await site.Log.SearchAsync(new TicketLogQuery(), Cancellation)).Items.Count.ShouldBe(1);
        elastic.Authorization = "somebody else";
        site.Recorder.Record(RecorderSite.Tickets(1));
        await RecorderSite.IsSoAsync("it is refused", () => site.Recorder.Problem is not null);
        var error = await Should.ThrowAsync<StorageException>(() => site.Log.SearchAsync(new TicketLogQuery(), Cancellation));

        site.Recorder.Problem.ShouldNotBeNull().ShouldContain("credentials");
        ShouldHideSecrets(site, error);
    }

    [Fact]
    public async Task An_API_key_goes_before_user_and_password()
    {
        await using var elastic = await ElasticsearchStandIn.StartAsync();
        elastic.Authorization = "ApiKey bm90OnJlYWw=";
        await using var site = await RecorderSite.StartAsync(
            elastic.Address.Replace("://", "://elastic:wrong@", StringComparison.Ordinal),
            settings: new KeyValuePair<string, string?>("Elasticsearch:ApiKey", "bm90OnJlYWw="));

        site.Recorder.Record(RecorderSite.Tickets(1));
        await site.IsSentAsync();

        elastic.Documents.Count.ShouldBe(1);
        site.AllLogs.ShouldNotContain("bm90OnJlYWw=");
    }

    [Fact]
    public async Task Credentials_and_address_that_change_in_the_configuration_are_used_from_the_next_request_on()
    {
        await using var elastic = await ElasticsearchStandIn.StartAsync();
        await using var other = await ElasticsearchStandIn.StartAsync();
        const string Key = "ConnectionStrings:elasticsearch";
        elastic.Authorization = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("elastic:new"));
        other.Authorization = "ApiKey bm90OnJlYWw=";
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new(Key, elastic.Address.Replace("://", "://elastic:old@", StringComparison.Ordinal))])
            .Build();
        using var logs = new CapturedLogs();
        await using var services = new ServiceCollection().AddLogging(logging => logging.AddProvider(logs))
            .AddStorage(configuration).BuildServiceProvider();
        var log = services.GetRequiredService<ITicketLog>();
        Task SearchAsync() => log.SearchAsync(new TicketLogQuery(), Cancellation);
        (await Should.ThrowAsync<StorageException>(SearchAsync)).Message.ShouldContain("credentials");

        configuration[Key] = elastic.Address.Replace("://", "://elastic:new@", StringComparison.Ordinal);
        configuration.Reload();
        await SearchAsync();
        configuration[Key] = "elastic:s3cr3t";
        configuration.Reload();
        await SearchAsync();
        configuration[Key] = other.Address;
        configuration["Elasticsearch:ApiKey"] = "bm90OnJlYWw=";
        configuration.Reload();
        await SearchAsync();

        other.Requests.ShouldContain(request => request.Contains("_search", StringComparison.Ordinal));
        logs.All.ShouldHaveSingleItem().Words.ShouldContain(Key);
        logs.All.ShouldNotContain(entry => entry.Words.Contains("s3cr3t", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_CA_file_is_whom_to_trust_and_nobody_else_is()
    {
        using var folder = new TemporaryFolder();
        var (ours, server) = Certificates();
        var (others, _) = Certificates();
        var file = Path.Combine(folder.Path, "ca.pem");
        await using var elastic = await ElasticsearchStandIn.StartAsync(certificate: server);

        await File.WriteAllTextAsync(file, ours.ExportCertificatePem(), Cancellation);
        await using (var site = await RecorderSite.StartAsync(elastic.Address, settings: CaFile(file)))
        {
            site.Recorder.Record(RecorderSite.Tickets(1));
            await site.IsSentAsync();
        }

        await File.WriteAllTextAsync(file, others.ExportCertificatePem(), Cancellation);
        await using (var site = await RecorderSite.StartAsync(elastic.Address, settings: CaFile(file)))
        {
            await RecorderSite.IsSoAsync("it is refused", () => site.Recorder.Problem is not null);
            site.Recorder.Problem.ShouldNotBeNull().ShouldContain("Elasticsearch:CaFile");
        }

        await using (var site = await RecorderSite.StartAsync(elastic.Address))
        {
            await RecorderSite.IsSoAsync("it is refused", () => site.Recorder.Problem is not null);
        }

        elastic.Documents.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_CA_file_that_is_none_is_refused_in_words()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "ca.pem");
        Should.Throw<StorageException>(() => Connection(CaFile(file))).Message.ShouldContain(file);

        await File.WriteAllTextAsync(file, "nothing", Cancellation);

        Should.Throw<StorageException>(() => Connection(CaFile(file))).Message.ShouldContain(file);
    }

    [Theory]
    [InlineData("ConnectionStrings:elasticsearch", "localhost:9200")]
    [InlineData("ConnectionStrings:elasticsearch", "ftp://elastic:s3cr3t@host")]
    [InlineData("Elasticsearch:Prefix", "Tickets")]
    [InlineData("Elasticsearch:Prefix", "a,b")]
    [InlineData("Elasticsearch:Prefix", "_all")]
    [InlineData("Elasticsearch:KeepFor", "a year")]
    [InlineData("Elasticsearch:KeepFor", "00:10:00")]
    public void A_setting_that_makes_no_sense_is_refused_by_name(string key, string value)
    {
        var message = Should.Throw<StorageException>(() => Connection(new KeyValuePair<string, string?>(key, value))).Message;

        message.ShouldContain(key);
        message.ShouldNotContain("s3cr3t");
    }

    [Fact]
    public async Task Elasticsearch_gets_a_lifecycle_policy_and_a_template_that_names_it()
    {
        await using var elastic = await ElasticsearchStandIn.StartAsync();
        await using var site = await RecorderSite.StartAsync(
            elastic.Address, settings: [new("Elasticsearch:Prefix", "desk"), new("Elasticsearch:KeepFor", "90.00:00:00")]);
        await RecorderSite.IsSoAsync("it is set up", () => elastic.Requests.Contains("PUT /_index_template/desk-tickets"));

        elastic.Requests.ShouldBe(["GET /", "PUT /_ilm/policy/desk-tickets", "PUT /_index_template/desk-tickets"]);
        // A month more than asked for: an index is as old as its first ticket.
        elastic.Policy("desk-tickets")!.Value.GetProperty("policy").GetProperty("phases").GetProperty("delete").GetProperty("min_age").GetString()
            .ShouldBe("121d");
    }

    [Fact]
    public async Task OpenSearch_gets_a_state_policy_once_and_a_changed_one_in_its_place()
    {
        await using var elastic = await ElasticsearchStandIn.StartAsync(openSearch: true);
        foreach (var (days, requests) in new[] { ("365.00:00:00", 4), ("365.00:00:00", 3), ("30.00:00:00", 4) })
        {
            var before = elastic.Requests.Count;
            await using var site = await RecorderSite.StartAsync(elastic.Address, settings: new KeyValuePair<string, string?>("Elasticsearch:KeepFor", days));
            await RecorderSite.IsSoAsync("it is set up", () => elastic.Requests.Count == before + requests && elastic.Requests[^1].Contains("_index_template", StringComparison.Ordinal));
            site.Recorder.Problem.ShouldBeNull();
        }

        elastic.Requests.ShouldNotContain(request => request.Contains("_ilm", StringComparison.Ordinal));
        var policy = elastic.Policy("ticketaspire-tickets")!.Value.GetProperty("policy");
        policy.GetProperty("ism_template")[0].GetProperty("index_patterns")[0].GetString().ShouldBe("ticketaspire-tickets-*");
        policy.GetProperty("states")[0].GetProperty("transitions")[0].GetProperty("conditions").GetProperty("min_index_age").GetString().ShouldBe("61d");
    }

    [Fact]
    public async Task Without_lifecycle_management_tickets_are_written_all_the_same()
    {
        await using var elastic = await ElasticsearchStandIn.StartAsync();
        elastic.HasNoLifecycle = true;
        await using var site = await RecorderSite.StartAsync(elastic.Address);

        site.Recorder.Record(RecorderSite.Tickets(1));
        await RecorderSite.IsSoAsync("it is there", () => elastic.Documents.Count == 1);

        site.AllLogs.ShouldContain("no lifecycle policy");
    }

    [Fact]
    public async Task A_search_fails_in_words_while_it_is_away_and_does_not_ask_every_time()
    {
        await using var elastic = await ElasticsearchStandIn.StartAsync();
        await using var site = await RecorderSite.StartAsync(elastic.Address);
        await RecorderSite.IsSoAsync("it is set up", () => elastic.Requests.Any(request => request.Contains("_index_template", StringComparison.Ordinal)));
        elastic.Refuse = path => path.EndsWith("_search", StringComparison.Ordinal) ? 503 : null;
        var before = elastic.Requests.Count;

        for (var i = 0; i < 50; i++)
        {
            (await Should.ThrowAsync<StorageException>(() => site.Log.SearchAsync(new TicketLogQuery(), Cancellation)))
                .Message.ShouldContain(elastic.Address);
        }

        (elastic.Requests.Count - before).ShouldBeLessThan(50);
        elastic.Refuse = _ => null;
        await Eventually.IsSoAsync(
            "it is searched again",
            async limit =>
            {
                try
                {
                    return (await site.Log.SearchAsync(new TicketLogQuery(), limit)).Items.Count == 0;
                }
                catch (StorageException)
                {
                    return false;
                }
            },
            Cancellation);
    }

    [Fact]
    public async Task A_connection_string_chooses_the_log_and_only_who_records_has_a_recorder()
    {
        await using var elastic = await ElasticsearchStandIn.StartAsync();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:elasticsearch", elastic.Address)]).Build();
        await using var reader = new ServiceCollection().AddLogging().AddStorage(configuration).BuildServiceProvider();
        await using var recorder = new ServiceCollection().AddLogging().AddStorage(configuration)
            .AddTicketRecorder(configuration, _ => _ => { }).BuildServiceProvider();
        await using var none = new ServiceCollection().AddLogging().AddTicketRecorder(new ConfigurationBuilder().Build(), _ => _ => { }).BuildServiceProvider();

        reader.GetRequiredService<ITicketLog>().ShouldBeOfType<ElasticsearchTicketLog>();
        reader.GetService<ITicketRecorder>().ShouldBeNull();
        recorder.GetRequiredService<ITicketRecorder>().ShouldBeSameAs(recorder.GetRequiredService<ElasticsearchTicketRecorder>());
        none.GetService<ITicketRecorder>().ShouldBeNull();
        elastic.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_the_stand_in_does_not_know_fails_the_test()
    {
        var elastic = await ElasticsearchStandIn.StartAsync();
        using var http = new HttpClient();
        foreach (var (path, type, body) in new[]
        {
            ("_search", "application/json", "{}"), ("_bulk", "application/x-ndjson", "{}"), ("_bulk", "application/json", "{}\n{}\n"),
            ("a-*/_search", "application/json", """{"size":1,"query":{"fuzzy":{"text":"a"}}}"""),
        })
        {
            using var response = await http.PostAsync(new Uri($"{elastic.Address}/{path}"), HttpCalls.Bytes(Encoding.UTF8.GetBytes(body), type), Cancellation);
            response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        }

        var mistakes = await Should.ThrowAsync<InvalidOperationException>(async () => await elastic.DisposeAsync());

        mistakes.Message.Split("; ").Length.ShouldBe(4);
    }

    private static KeyValuePair<string, string?> CaFile(string file) => new("Elasticsearch:CaFile", file);

    private static ElasticsearchConnection Connection(params KeyValuePair<string, string?>[] settings) =>
        new(ElasticsearchOptions.From(new ConfigurationBuilder()
            .AddInMemoryCollection([new("ConnectionStrings:elasticsearch", "http://localhost:9200")])
            .AddInMemoryCollection(settings)
            .Build()));

    private static void ShouldHideSecrets(RecorderSite site, Exception error)
    {
        foreach (var words in new[] { site.AllLogs, error.ToString(), site.Recorder.Problem })
        {
            words.ShouldNotBeNull().ShouldNotContain(Secret);
            words.ShouldNotContain(Uri.EscapeDataString(Secret));
            words.ShouldNotContain("elastic:");
        }
    }

    /// <summary>An authority, and a server's certificate that it has signed.</summary>
    private static (X509Certificate2 Authority, X509Certificate2 Server) Certificates()
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=An authority", authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        var (from, to) = (TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        var authority = request.CreateSelfSigned(from, to);

        using var serverKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        var server = new CertificateRequest("CN=127.0.0.1", serverKey, HashAlgorithmName.SHA256);
        server.CertificateExtensions.Add(names.Build());
        using var signed = server.Create(authority, from, to, RandomNumberGenerator.GetBytes(8));
        using var withKey = signed.CopyWithPrivateKey(serverKey);
        return (authority, X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null));
    }
}
