using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Shouldly;
using TicketAspire.ServiceDefaults;
using Xunit;

namespace TicketAspire.Tests.Kubernetes;

/// <summary>The deployment manifest, and whether <c>base</c> is what Aspirate makes of it.</summary>
public sealed partial class ManifestTests
{
    private static readonly string[] Running = ["container.v0", "project.v0"];

    public static TheoryData<string> Resources => [.. Workloads().Select(resource => resource.Key)];

    [Fact]
    public void The_manifest_has_all_of_the_system() => Workloads().Select(resource => resource.Key).ShouldBe(
        ["redis", "elasticsearch", "kibana", "logstash", "inference", "retrainer", "api", "web"], ignoreOrder: true);

    [Fact]
    public void Every_reference_of_the_manifest_leads_somewhere()
    {
        var resources = ManifestFolder.Resources();
        var references = resources.SelectMany(resource => resource.Value.Scalars(resource.Key))
            .SelectMany(scalar => Reference().Matches(scalar.Value.ToString())).Select(match => match.Groups["path"].Value).Distinct().ToArray();

        references.ShouldNotBeEmpty();
        references.ShouldAllBe(reference => Exists(resources, reference));
    }

    [Fact]
    public void Secrets_are_parameters_that_are_generated_or_asked_for()
    {
        var parameters = ManifestFolder.Resources().Where(resource => resource.Value.Text("type") == "parameter.v0").ToArray();

        parameters.Length.ShouldBeGreaterThan(2);
        foreach (var (name, parameter) in parameters)
        {
            parameter.Text("value").ShouldBe($"{{{name}.inputs.value}}");
            parameter.Text("inputs", "value", "secret").ShouldBe("true", name);
            parameter.At("inputs", "value", "default", "generate").ShouldNotBeNull(name);
            parameter.At("inputs", "value", "default", "value").ShouldBeNull(name);
        }
    }

    [Fact]
    public void Projects_and_mounted_files_are_where_the_manifest_says()
    {
        string[] paths =
        [
            .. ManifestFolder.Resources().SelectMany(resource => resource.Value.Items("bindMounts").Select(mount => mount.Text("source"))
                .Append(resource.Value.Text("path"))).OfType<string>(),
        ];

        paths.Length.ShouldBe(7);
        paths.Select(path => Path.GetFullPath(path, ManifestFolder.Path)).ShouldAllBe(path => File.Exists(path) || Directory.Exists(path));
    }

    [Fact]
    public void The_services_ports_are_their_own()
    {
        foreach (var (name, project) in Workloads().Where(resource => resource.Value.Text("type") == "project.v0"))
        {
            project.At("bindings")!.AsObject().Single().Value.Text("targetPort").ShouldBe($"{DefaultPorts.Of(name)}");
        }
    }

    [Fact]
    public async Task Base_has_what_the_manifest_has_and_nothing_else()
    {
        var objects = await Rendering.BaseAsync();

        objects.Where(one => one.IsWorkload).Select(one => one.Name).ShouldBe(Workloads().Select(resource => resource.Key), ignoreOrder: true);
        objects.Where(one => one.Kind == "Service").Select(one => one.Name).ShouldBe(Workloads().Select(resource => resource.Key), ignoreOrder: true);
        Directory.GetDirectories(Path.Combine(ManifestFolder.Path, "base")).Select(folder => Path.GetFileName(folder)!)
            .ShouldBe(Workloads().Select(resource => resource.Key), ignoreOrder: true);
    }

    [Theory, MemberData(nameof(Resources))]
    public async Task A_resource_is_in_base_as_in_the_manifest(string name)
    {
        var objects = await Rendering.BaseAsync();
        var resource = ManifestFolder.Resources()[name];
        var workload = objects.Single(one => one.IsWorkload && one.Name == name);
        var isProject = resource.Text("type") == "project.v0";
        string[] ports = [.. resource.At("bindings")!.AsObject().Select(binding => binding.Value.Text("targetPort")!)];
        string[] volumes = [.. resource.Items("volumes").Select(volume => $"{volume.Text("name")} {volume.Text("target")}")];

        workload.Container.Text("image")!.ShouldStartWith(isProject ? $"ticketaspire/{name}:" : resource.Text("image")!);
        workload.Container.Items("command").Select(word => word.ToString()).ShouldBe(resource.Text("entrypoint") is { } entry ? [entry] : []);
        workload.Container.Items("args").Select(word => word.ToString()).ShouldBe(resource.Items("args").Select(word => word.ToString()));
        workload.Container.Items("ports").Select(port => port.Text("containerPort")).ShouldBe(ports);
        workload.Kind.ShouldBe(volumes.Length > 0 ? "StatefulSet" : "Deployment");
        workload.Body.Items("spec", "volumeClaimTemplates").Select(claim => claim.Text("metadata", "name"))
            .ShouldBe(resource.Items("volumes").Select(volume => volume.Text("name")));
        workload.Container.Items("volumeMounts").Select(mount => $"{mount.Text("name")} {mount.Text("mountPath")}").ShouldBe(volumes);
        objects.Single(one => one.Kind == "Service" && one.Name == name).Body.Items("spec", "ports")
            .Select(port => (port.Text("port"), port.Text("targetPort"))).ShouldBe(ports.Select(port => ((string?)port, (string?)port)));
    }

    [Theory, MemberData(nameof(Resources))]
    public async Task A_resource_has_the_variables_of_the_manifest_but_for_those_with_secrets(string name)
    {
        var objects = await Rendering.BaseAsync();
        var resources = ManifestFolder.Resources();
        var expected = resources[name].Map("env")
            .Select(variable => KeyValuePair.Create(variable.Key, Resolve(resources, variable.Value)))
            .Where(variable => variable.Value is not null)
            .ToDictionary(variable => variable.Key, variable => variable.Value!);
        if (resources[name].Text("type") == "project.v0")
        {
            // Aspirate's own, to every project.
            expected["ASPNETCORE_URLS"] = "http://+:8080;";
        }

        Variables.Of(objects.Single(one => one.IsWorkload && one.Name == name), objects).ShouldBe(expected, ignoreOrder: true);
    }

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Workloads() =>
        ManifestFolder.Resources().Where(resource => Running.Contains(resource.Value.Text("type")));

    /// <summary>The value as Aspirate resolves it; null if a secret is part of it.</summary>
    private static string? Resolve(JsonObject resources, string value)
    {
        var isSecret = false;
        var resolved = Reference().Replace(value, match => match.Groups["path"].Value.Split('.') switch
        {
            [var name, "connectionString"] => Resolve(resources, resources[name].Text("connectionString")!) ?? Secret(),
            [var name, "bindings", _, "host"] => name,
            [var name, "bindings", var binding, "port" or "targetPort"] => resources[name].Text("bindings", binding, "targetPort")!,
            [var name, "bindings", var binding, "scheme"] => resources[name].Text("bindings", binding, "scheme")!,
            [var name, "bindings", var binding, "url"] =>
                $"{resources[name].Text("bindings", binding, "scheme")}://{name}:{resources[name].Text("bindings", binding, "targetPort")}",
            _ => Secret(),
        });
        return isSecret ? null : resolved;

        string Secret()
        {
            isSecret = true;
            return string.Empty;
        }
    }

    private static bool Exists(JsonObject resources, string reference) => reference.Split('.') switch
    {
        [var name, "inputs", var input] => resources[name].At("inputs", input) is not null,
        [var name, "bindings", var binding, "host" or "port" or "url"] => resources[name].At("bindings", binding) is not null,
        var path => ((JsonNode)resources).At(path) is not null,
    };

    [GeneratedRegex(@"\{(?<path>[a-z][\w.-]*)\}", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Reference();
}
