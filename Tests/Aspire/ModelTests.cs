using System.Diagnostics;
using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Shouldly;
using TicketAspire.AppHost.Resources;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.Aspire;

/// <summary>What AppHost.cs composes.</summary>
public sealed class ModelTests
{
    [Fact]
    public async Task There_are_the_services_and_the_containers_and_nothing_else()
    {
        var builder = await AspireModel.WithContainersAsync();

        builder.Resources.OfType<ProjectResource>().Select(resource => resource.Name).ShouldBe(AspireModel.Services, ignoreOrder: true);
        builder.Resources.Where(resource => resource.Annotations.OfType<ContainerImageAnnotation>().Any()).Select(resource => resource.Name)
            .ShouldBe(AspireModel.Containers, ignoreOrder: true);
    }

    [Fact]
    public async Task Without_containers_there_are_the_services_alone_on_one_file()
    {
        var builder = await AspireModel.BuildAsync("--no-containers");

        builder.Resources.OfType<ProjectResource>().Select(resource => resource.Name).ShouldBe(AspireModel.Services, ignoreOrder: true);
        builder.Resources.ShouldNotContain(resource => resource.Annotations.OfType<ContainerImageAnnotation>().Any());
        List<object> files = [];
        foreach (var service in AspireModel.Services)
        {
            builder.Find(service).Waits().Select(wait => wait.Name).ShouldBeSubsetOf(AspireModel.Services);
            files.Add((await builder.VariablesAsync(service))["Storage__Path"]);
        }

        files.Distinct().ShouldHaveSingleItem().ShouldBeOfType<string>().ShouldSatisfyAllConditions(
            file => Path.IsPathRooted(file).ShouldBeTrue(), file => file.ShouldEndWith("ticketaspire.db"));
    }

    [Fact]
    public async Task Servers_that_are_there_take_the_place_of_containers_and_what_belongs_to_them()
    {
        var builder = await AspireModel.WithContainersAsync("--redis=redis.example:6379,password=s3cret", "--elasticsearch=http://elastic:s3cret@search.example:9200");

        builder.Resources.Where(resource => resource.Annotations.OfType<ContainerImageAnnotation>().Any()).Select(resource => resource.Name).ShouldBe(["vault"]);
        foreach (var server in new[] { "redis", "elasticsearch" })
        {
            builder.Find(server).ShouldBeAssignableTo<IResourceWithConnectionString>().ShouldNotBeOfType<ContainerResource>();
        }

        // Vault holds their credentials, as it does the containers'.
        builder.Resources.OfType<VaultResource>().Single().Secrets["api"].Values.Keys.ShouldBe(["ConnectionStrings__redis", "ConnectionStrings__elasticsearch"], ignoreOrder: true);
        foreach (var service in AspireModel.Services)
        {
            (await builder.VariablesAsync(service)).Values.Select(value => value.ToString()).ShouldNotContain(value => value!.Contains("s3cret", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("--redis=localhost:6379", "api inference retrainer web", "redis")]
    [InlineData("--elasticsearch=http://localhost:9200", "api", "elasticsearch")]
    public async Task Servers_that_are_there_are_used_without_containers_too(string argument, string users, string server)
    {
        var builder = await AspireModel.BuildAsync(argument, "--no-containers");

        foreach (var service in AspireModel.Services)
        {
            var variables = await builder.VariablesAsync(service);
            variables.ContainsKey($"ConnectionStrings__{server}").ShouldBe(users.Split(' ').Contains(service), service);
            variables.ContainsKey("Storage__Path").ShouldBe(server != "redis", service);
            builder.Find(service).References().Contains(server).ShouldBe(users.Split(' ').Contains(service), service);
        }
    }

    [Theory]
    [InlineData("web", 3000, true)]
    [InlineData("api", 5000, true)]
    [InlineData("inference", 6000, true)]
    [InlineData("retrainer", 6001, false)]
    [InlineData("kibana", 5601, true)]
    [InlineData("elasticsearch", null, false)]
    [InlineData("logstash", null, false)]
    [InlineData("vault", null, false)]
    [InlineData("redis", null, false)]
    public async Task Ports_are_the_usual_ones_and_open_where_a_person_goes(string name, int? port, bool external)
    {
        var builder = await AspireModel.WithContainersAsync();

        var endpoints = builder.Find(name).Annotations.OfType<EndpointAnnotation>().ToArray();

        endpoints.ShouldNotBeEmpty();
        endpoints.ShouldAllBe(endpoint => endpoint.Protocol == ProtocolType.Tcp && endpoint.IsExternal == external);
        endpoints[0].Port.ShouldBe(port);
    }

    [Fact]
    public async Task Inference_has_two_replicas()
    {
        var builder = await AspireModel.WithContainersAsync();

        builder.Find("inference").Annotations.OfType<ReplicaAnnotation>().Last().Replicas.ShouldBe(2);
    }

    [Theory]
    [InlineData("api", "inference retrainer redis elasticsearch logstash vault")]
    [InlineData("web", "api redis logstash vault")]
    [InlineData("inference", "redis logstash vault")]
    [InlineData("retrainer", "redis logstash vault")]
    public async Task A_service_refers_to_what_it_calls(string service, string others)
    {
        var builder = await AspireModel.WithContainersAsync();

        builder.Find(service).References().ShouldBe(others.Split(' '), ignoreOrder: true);
    }

    [Theory]
    [InlineData("inference", "redis vault")]
    [InlineData("retrainer", "redis vault")]
    [InlineData("api", "redis elasticsearch vault")]
    [InlineData("web", "redis vault")]
    [InlineData("kibana", "elasticsearch")]
    [InlineData("kibana-import", "elasticsearch")]
    public async Task Who_needs_a_store_waits_until_that_is_healthy_and_services_bear_that_others_are_late(string name, string others)
    {
        var builder = await AspireModel.WithContainersAsync();

        builder.Find(name).Waits().ShouldBe(others.Split(' ').Select(other => (other, WaitType.WaitUntilHealthy)), ignoreOrder: true);
    }

    [Fact]
    public async Task Logs_come_when_Elasticsearch_knows_how_to_index_them()
    {
        var builder = await AspireModel.WithContainersAsync();

        builder.Find("logstash").Waits().ShouldBe(
            [("elasticsearch", WaitType.WaitUntilHealthy), ("kibana-import", WaitType.WaitForCompletion)], ignoreOrder: true);
    }

    [Fact]
    public async Task Everything_that_stays_has_a_health_check()
    {
        var builder = await AspireModel.WithContainersAsync();

        foreach (var name in AspireModel.Services.Concat(AspireModel.Containers).Except(["kibana-import"]))
        {
            builder.Find(name).Annotations.OfType<HealthCheckAnnotation>().ShouldNotBeEmpty(name);
        }
    }

    [Theory]
    [InlineData("redis", "ticketaspire-redis-data", "/data")]
    [InlineData("elasticsearch", "ticketaspire-elasticsearch-data", "/usr/share/elasticsearch/data")]
    [InlineData("logstash", "ticketaspire-logstash-data", "/usr/share/logstash/data")]
    public async Task What_must_not_be_forgotten_is_on_a_volume(string name, string volume, string target)
    {
        var builder = await AspireModel.WithContainersAsync();

        builder.Find(name).Annotations.OfType<ContainerMountAnnotation>().Single(mount => mount.Type == ContainerMountType.Volume)
            .ShouldSatisfyAllConditions(mount => mount.Source.ShouldBe(volume), mount => mount.Target.ShouldBe(target));
    }

    [Fact]
    public async Task Mounted_files_are_there_and_read_only()
    {
        var builder = await AspireModel.WithContainersAsync();

        var mounts = builder.Resources.SelectMany(resource => resource.Annotations.OfType<ContainerMountAnnotation>())
            .Where(mount => mount.Type == ContainerMountType.BindMount).ToArray();

        mounts.Length.ShouldBe(4);
        mounts.ShouldAllBe(mount => mount.IsReadOnly && (File.Exists(mount.Source) || Directory.Exists(mount.Source)));
    }

    [Fact]
    public async Task Redis_writes_every_change_to_disk()
    {
        var builder = await AspireModel.WithContainersAsync();
        List<object> words = [];

        foreach (var argument in builder.Find("redis").Annotations.OfType<CommandLineArgsCallbackAnnotation>())
        {
            await argument.Callback(new CommandLineArgsCallbackContext(words, builder.Find("redis"))
            {
                ExecutionContext = builder.ExecutionContext,
            });
        }

        string.Join(' ', words).ShouldContain("--appendonly yes --appendfsync always");
    }

    [Fact]
    public async Task The_parts_of_Elastic_are_of_one_version()
    {
        var builder = await AspireModel.WithContainersAsync();

        new[] { "elasticsearch", "kibana", "kibana-import", "logstash" }
            .Select(name => builder.Find(name).Annotations.OfType<ContainerImageAnnotation>().Last().Tag).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task What_the_command_line_says_of_a_service_s_settings_is_given_to_each()
    {
        var builder = await AspireModel.BuildAsync(
            "--Retraining:After", "5", "--Classifiers:tickets:Engine=MLNet", "--Ports:Web", "3001", "--no-containers");

        foreach (var service in AspireModel.Services)
        {
            var variables = await builder.VariablesAsync(service);
            variables["Retraining__After"].ShouldBe("5");
            variables["Classifiers__tickets__Engine"].ShouldBe("MLNet");
            variables.Keys.ShouldNotContain(key => key.StartsWith("Ports", StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public async Task Vault_s_own_secrets_are_not_among_what_it_prints()
    {
        var vault = (await AspireModel.WithContainersAsync()).Find("vault");
        List<object> words = [];
        foreach (var argument in vault.Annotations.OfType<CommandLineArgsCallbackAnnotation>())
        {
            await argument.Callback(new CommandLineArgsCallbackContext(words, vault));
        }

        using var folder = new TemporaryFolder();
        var program = Path.Combine(folder.Path, "docker-entrypoint.sh");
        await File.WriteAllTextAsync(
            program, "#!/bin/sh\necho started \"$@\"\necho 'Unseal Key: abc='\necho 'Root Token: hvs.x' >&2\nprintf '  a %%s \\\\n\\n'\n", HttpCalls.Cancellation);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(((ContainerResource)vault).Entrypoint!, words.Select(word => word.ToString()!)) { RedirectStandardOutput = true, UseShellExecute = false },
        };
        process.StartInfo.Environment["PATH"] = $"{folder.Path}:{Environment.GetEnvironmentVariable("PATH")}";

        process.Start();
        var printed = await process.StandardOutput.ReadToEndAsync(HttpCalls.Cancellation);

        printed.ShouldBe("started server -dev\n  a %s \\n\n");
    }

    [Fact]
    public async Task No_service_has_a_password_among_its_variables()
    {
        var builder = await AspireModel.WithContainersAsync();
        var secrets = builder.Resources.OfType<ParameterResource>().Where(parameter => parameter.Secret).ToArray();
        var tokens = builder.Resources.OfType<VaultResource>().Single().Secrets.Values.Select(secret => secret.Token).ToArray();

        secrets.Select(secret => secret.Name).ShouldBe(["redis-password", "elasticsearch-password", "kibana-password", "vault-token"], ignoreOrder: true);
        tokens.Length.ShouldBe(AspireModel.Services.Length);
        foreach (var service in AspireModel.Services)
        {
            var variables = await builder.VariablesAsync(service);
            variables.Keys.ShouldNotContain(key => key.StartsWith("ConnectionStrings__", StringComparison.Ordinal));
            variables.Values.ShouldNotContain(value => IsSecret(value));
            variables.Values.OfType<string>().ShouldNotContain(value => tokens.Contains(value));
            File.ReadAllText(variables["Vault__TokenFile"].ShouldBeOfType<string>()).ShouldBeOneOf(tokens);
        }
    }

    [Theory]
    [InlineData("inference", "ConnectionStrings__redis")]
    [InlineData("retrainer", "ConnectionStrings__redis")]
    [InlineData("web", "ConnectionStrings__redis")]
    [InlineData("api", "ConnectionStrings__redis ConnectionStrings__elasticsearch")]
    public async Task Vault_holds_what_a_service_needs(string service, string keys)
    {
        var builder = await AspireModel.WithContainersAsync();

        builder.Resources.OfType<VaultResource>().Single().Secrets[service].Values.Keys.ShouldBe(keys.Split(' '), ignoreOrder: true);
    }

    [Theory]
    [InlineData("retrainer", "retrain promote roll-back")]
    [InlineData("api", "import sample-traffic")]
    public async Task There_are_commands_for_the_dashboard(string service, string commands)
    {
        var builder = await AspireModel.WithContainersAsync();

        commands.Split(' ').ShouldBeSubsetOf(
            builder.Find(service).Annotations.OfType<ResourceCommandAnnotation>().Select(command => command.Name));
    }

    // Also within a text that is put together.
    private static bool IsSecret(object value) =>
        value is ParameterResource { Secret: true } || (value is IValueWithReferences whole && whole.References.Any(IsSecret));
}
