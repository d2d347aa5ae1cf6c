using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace TicketAspire.Tests.Kubernetes;

public sealed partial class SecretTests
{
    private const string Inject = "vault.hashicorp.com/agent-inject";

    // A template, a variable, a form to fill in, a place: what stands for a secret.
    private static readonly string[] References = ["{", "\"{", "'{{", "$", "\"$", "\"%s\"", "/vault/", "secret/data/"];

    public static TheoryData<string> Overlays => [.. ManifestFolder.Overlays];

    [Fact]
    public void No_file_has_a_secret_in_clear()
    {
        var files = ManifestFolder.Files().ToArray();

        files.Length.ShouldBeGreaterThan(30);
        foreach (var file in files)
        {
            var name = Path.GetRelativePath(ManifestFolder.Path, file);
            // Aspirate's files with the values of its secrets.
            Path.GetFileName(file).ShouldNotEndWith(".secrets");
            Path.GetFileName(file).ShouldNotBe("aspirate-state.json");
            InClear(File.ReadAllText(file)).ShouldBeEmpty(name);
        }
    }

    [Theory]
    [InlineData("- REDIS_PASSWORD=hunter2hunter2")]
    [InlineData("value: redis:6379,password=hunter2")]
    [InlineData("url: http://elastic:hunter2@elasticsearch:9200")]
    [InlineData("requirepass hunter2")]
    [InlineData("VAULT_DEV_ROOT_TOKEN_ID: hvs.CAESIJ")]
    [InlineData("\"ELASTIC_PASSWORD\": \"changeme\"")]
    [InlineData("encryption-key: 0123456789")]
    public void A_secret_in_clear_is_found(string line) => InClear(line).ShouldNotBeEmpty();

    [Theory, MemberData(nameof(Overlays))]
    public async Task No_object_holds_a_secret(string overlay)
    {
        var objects = await Rendering.OverlayAsync(overlay);

        objects.ShouldNotContain(one => one.Kind == "Secret");
        foreach (var one in objects)
        {
            // The import script speaks of passwords; it is read from AppHost, as the pipeline is.
            if (!one.Name.StartsWith("kibana-import-", StringComparison.Ordinal) && !one.Name.StartsWith("logstash-", StringComparison.Ordinal))
            {
                one.Body.Scalars().SelectMany(scalar => InClear($"{scalar.Path.Split('.')[^1]}: {scalar.Value}")).ShouldBeEmpty(one.ToString());
            }
        }
    }

    [Fact]
    public async Task What_Aspirate_made_holds_no_secret_either()
    {
        var objects = await Rendering.BaseAsync();

        objects.ShouldNotContain(one => one.Kind == "Secret");
        objects.SelectMany(one => one.Body.Scalars()).SelectMany(scalar => InClear($"{scalar.Path.Split('.')[^1]}: {scalar.Value}")).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Overlays))]
    public async Task Every_pod_gets_its_secrets_from_Vault_by_its_own_account(string overlay)
    {
        var objects = await Rendering.OverlayAsync(overlay);
        foreach (var one in objects.Where(one => one.IsWorkload))
        {
            var annotations = one.PodTemplate.Map("metadata", "annotations");
            annotations[Inject].ShouldBe("true");
            annotations["vault.hashicorp.com/role"].ShouldBe($"ticketaspire-{one.Name}");

            // The token is for Vault, and no container of the pod's own sees it.
            var volume = annotations["vault.hashicorp.com/agent-service-account-token-volume-name"];
            var token = one.Pod.Items("volumes").Single(candidate => candidate.Text("name") == volume)
                .Items("projected", "sources").Single()["serviceAccountToken"];
            token.Text("audience").ShouldBe("vault");
            one.AllContainers.SelectMany(container => container.Items("volumeMounts")).ShouldNotContain(mount => mount.Text("name") == volume);

            var secrets = annotations.Keys.Where(key => key.StartsWith($"{Inject}-secret-", StringComparison.Ordinal))
                .Select(key => key[$"{Inject}-secret-".Length..]).ToArray();
            secrets.ShouldNotBeEmpty(one.ToString());
            foreach (var secret in secrets)
            {
                annotations[$"{Inject}-secret-{secret}"].ShouldStartWith("secret/data/ticketaspire/");
                annotations[$"{Inject}-template-{secret}"].ShouldContain($"secret \"{annotations[$"{Inject}-secret-{secret}"]}\"");
                annotations[$"{Inject}-perms-{secret}"].ShouldBe("0400");
                annotations[$"vault.hashicorp.com/error-on-missing-key-{secret}"].ShouldBe("true");
            }
        }
    }

    [Theory]
    [InlineData("inference", "ConnectionStrings__redis")]
    [InlineData("retrainer", "ConnectionStrings__redis")]
    [InlineData("web", "ConnectionStrings__redis")]
    [InlineData("api", "ConnectionStrings__redis", "ConnectionStrings__elasticsearch")]
    public async Task A_service_reads_the_files_that_the_agent_writes(string service, params string[] files)
    {
        foreach (var overlay in ManifestFolder.Overlays)
        {
            var objects = await Rendering.OverlayAsync(overlay);
            var one = objects.Single(one => one.Kind == "Deployment" && one.Name == service);
            var annotations = one.PodTemplate.Map("metadata", "annotations");

            annotations.Where(entry => entry.Key.StartsWith($"{Inject}-file-", StringComparison.Ordinal)).Select(entry => entry.Value)
                .ShouldBe(files, ignoreOrder: true);
            Variables.Of(one, objects)["Secrets__Path"].ShouldBe("/vault/secrets");
        }
    }

    [Fact]
    public async Task The_instructions_give_each_role_what_its_pods_read()
    {
        var commands = await File.ReadAllTextAsync(Path.Combine(ManifestFolder.Path, "README.md"), TestContext.Current.CancellationToken);
        var granted = RolePattern().Matches(commands).ToDictionary(
            match => match.Groups["role"].Value,
            match => match.Groups["secrets"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        foreach (var one in (await Rendering.OverlayAsync("local")).Where(one => one.IsWorkload))
        {
            var read = one.PodTemplate.Map("metadata", "annotations")
                .Where(entry => entry.Key.StartsWith($"{Inject}-secret-", StringComparison.Ordinal))
                .Select(entry => entry.Value["secret/data/ticketaspire/".Length..]).Distinct();
            granted.ShouldContainKey(one.Name);
            granted[one.Name].ShouldBe(read, ignoreOrder: true);
        }
    }

    /// <summary>Names of secrets with a value that is neither a reference nor a template nor a place.</summary>
    private static string[] InClear(string text) =>
    [
        .. Assignment().Matches(text).Concat(Credentials().Matches(text)).Concat(RequirePass().Matches(text))
            .Where(match => !IsReference(match.Groups["value"].Value))
            .Select(match => match.Value),
    ];

    private static bool IsReference(string value) => References.Any(start => value.StartsWith(start, StringComparison.Ordinal));

    // PASSWORD=…, password: …, "TOKEN": …; not the names of volumes, files and settings that only mention one.
    [GeneratedRegex(
        @"(?<name>[\w.-]*(password|requirepass|token_id|api_?key|encryption-?key))""?\s*[:=][ \t]*(?<value>[^\s,;]+)",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Assignment();

    [GeneratedRegex(@"://[^\s/:@]*:(?<value>[^\s/@]+|\{\{[^}]*\}\})@", RegexOptions.ExplicitCapture)]
    private static partial Regex Credentials();

    [GeneratedRegex(@"requirepass[ \t]+(?<value>\S+)", RegexOptions.ExplicitCapture)]
    private static partial Regex RequirePass();

    [GeneratedRegex(@"^role (?<role>[\w-]+) (?<secrets>[\w -]+)$", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex RolePattern();
}
