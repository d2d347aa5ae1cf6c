using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace TicketAspire.Tests.Kubernetes;

/// <summary>Who reaches whom, and who may.</summary>
public sealed partial class TrafficTests
{
    private const string IngressController = "ingress-nginx";

    public static TheoryData<string> Overlays => [.. ManifestFolder.Overlays];

    [Theory, MemberData(nameof(Overlays))]
    public async Task A_Service_leads_to_one_workload_and_to_a_port_that_it_has(string overlay)
    {
        var objects = await Rendering.OverlayAsync(overlay);
        var services = objects.Where(one => one.Kind == "Service").ToArray();

        services.ShouldNotBeEmpty();
        foreach (var service in services)
        {
            var selector = service.Body.Map("spec", "selector");
            var workload = objects.Where(one => one.IsWorkload).Single(one => selector.All(wanted => one.PodLabels.GetValueOrDefault(wanted.Key) == wanted.Value));
            workload.Name.ShouldBe(service.Name);
            var ports = workload.Container.Items("ports").SelectMany(port => new[] { port.Text("containerPort"), port.Text("name") }).ToArray();
            service.Body.Items("spec", "ports").ShouldNotBeEmpty();
            service.Body.Items("spec", "ports").ShouldAllBe(port => ports.Contains(port.Text("targetPort")));
        }
    }

    [Theory, MemberData(nameof(Overlays))]
    public async Task A_workload_selects_its_own_pods(string overlay)
    {
        var objects = await Rendering.OverlayAsync(overlay);
        foreach (var one in objects.Where(one => one.IsServer))
        {
            objects.Where(other => other.IsWorkload && other.IsSelectedBy(one.Body["spec"]!["selector"])).ShouldBe([one]);
            if (one.Kind == "StatefulSet")
            {
                objects.ShouldContain(service => service.Kind == "Service" && service.Name == one.Body.Text("spec", "serviceName"));
            }
        }
    }

    [Theory, MemberData(nameof(Overlays))]
    public async Task Budgets_and_policies_are_about_pods_that_there_are(string overlay)
    {
        var objects = await Rendering.OverlayAsync(overlay);
        // cert-manager's pods are there only while it asks for a certificate.
        var selecting = objects.Where(one => one is { Kind: "PodDisruptionBudget" } or { Kind: "NetworkPolicy", Name: not "acme-http01" }).ToArray();
        foreach (var one in selecting)
        {
            var selector = one.Kind == "NetworkPolicy" ? one.Body["spec"]!["podSelector"] : one.Body["spec"]!["selector"];
            objects.ShouldContain(workload => workload.IsWorkload && workload.IsSelectedBy(selector), one.ToString());
        }

        selecting.Where(one => one.Kind == "PodDisruptionBudget").Select(one => one.Name)
            .ShouldBe(["inference", "retrainer", "api", "web"], ignoreOrder: true);
        foreach (var budget in selecting.Where(one => one.Kind == "PodDisruptionBudget"))
        {
            // Else a node could never be drained of a single pod.
            budget.Body.Text("spec", "maxUnavailable").ShouldBe("1");
            budget.Body.At("spec", "minAvailable").ShouldBeNull();
        }
    }

    [Theory, MemberData(nameof(Overlays))]
    public async Task Nothing_is_allowed_that_is_not_said(string overlay)
    {
        var deny = (await Rendering.OverlayAsync(overlay)).Single(one => one is { Kind: "NetworkPolicy", Name: "default-deny" }).Body["spec"];

        deny.At("podSelector")!.AsObject().ShouldBeEmpty();
        deny.Items("policyTypes").Select(type => type.ToString()).ShouldBe(["Ingress", "Egress"]);
        deny.At("ingress").ShouldBeNull();
        deny.At("egress").ShouldBeNull();
    }

    [Theory, MemberData(nameof(Overlays))]
    public async Task Every_pod_may_ask_DNS_and_Vault(string overlay)
    {
        var policy = (await Rendering.OverlayAsync(overlay)).Single(one => one is { Kind: "NetworkPolicy", Name: "dns-and-vault" }).Body["spec"];

        policy.At("podSelector")!.AsObject().ShouldBeEmpty();
        policy.Items("egress").SelectMany(rule => rule.Items("ports")).Select(port => $"{port.Text("port")}/{port.Text("protocol") ?? "TCP"}")
            .ShouldBe(["53/UDP", "53/TCP", "8200/TCP"]);
    }

    [Theory, MemberData(nameof(Overlays))]
    public async Task What_a_pod_is_configured_to_call_it_may_call_and_nothing_else(string overlay)
    {
        var objects = await Rendering.OverlayAsync(overlay);
        var workloads = objects.Where(one => one.IsWorkload).ToArray();
        var names = workloads.Select(one => one.Name).ToHashSet();
        // Addresses are in the environment and in the templates of the secrets.
        var wanted = workloads.SelectMany(from => Variables.Of(from, objects).Values
                .Concat(from.PodTemplate.Map("metadata", "annotations").Values)
                .SelectMany(text => Address().Matches(text))
                .Select(match => (From: from.Name, To: match.Groups["host"].Value, Port: match.Groups["port"].Value)))
            .Where(call => names.Contains(call.To))
            .Distinct().Order().ToArray();

        wanted.Length.ShouldBeGreaterThan(10);
        Edges("egress").ShouldBe(wanted);
        Edges("ingress").Where(call => call.From != IngressController).ShouldBe(wanted);

        (string From, string To, string Port)[] Edges(string direction) =>
        [
            .. from policy in objects.Where(one => one.Kind == "NetworkPolicy" && one.Body.At("spec", "podSelector")!.AsObject().Count > 0)
               from own in workloads.Where(one => one.IsSelectedBy(policy.Body["spec"]!["podSelector"]))
               from rule in policy.Body.Items("spec", direction)
               from peer in rule.Items(direction == "egress" ? "to" : "from")
               from other in Peers(peer)
               from port in rule.Items("ports").Select(port => port.Text("port")!)
               let call = direction == "egress" ? (From: own.Name, To: other, Port: port) : (From: other, To: own.Name, Port: port)
               orderby call
               select call,
        ];

        IEnumerable<string> Peers(JsonNode peer) => peer.Text("namespaceSelector", "matchLabels", "kubernetes.io/metadata.name") is { } space
            ? [space]
            : workloads.Where(one => one.IsSelectedBy(peer["podSelector"])).Select(one => one.Name);
    }

    [Theory, MemberData(nameof(Overlays))]
    public async Task Who_comes_from_outside_reaches_the_services_of_the_Ingress(string overlay)
    {
        var objects = await Rendering.OverlayAsync(overlay);
        var rules = objects.Where(one => one.Kind == "Ingress").SelectMany(one => one.Body.Items("spec", "rules")).ToArray();
        var paths = rules.SelectMany(rule => rule.Items("http", "paths")).ToArray();

        rules.Select(rule => rule.Text("host")).ShouldBeUnique();
        paths.Select(path => (path.Text("path"), path.Text("backend", "service", "name"))).ShouldBe(
            [("/", "web"), ("/", "api"), ("/", "kibana"), ("/predict$", "inference")], ignoreOrder: true);
        foreach (var path in paths)
        {
            var service = objects.Single(one => one.Kind == "Service" && one.Name == path.Text("backend", "service", "name"));
            var port = service.Body.Items("spec", "ports").Single(port => port.Text("name") == path.Text("backend", "service", "port", "name"));
            // The policy lets the controller in, at this port.
            objects.Single(one => one.Kind == "NetworkPolicy" && one.Name == service.Name).Body.Items("spec", "ingress")
                .Where(rule => rule.Items("from").Any(peer =>
                    peer.Text("namespaceSelector", "matchLabels", "kubernetes.io/metadata.name") == IngressController))
                .SelectMany(rule => rule.Items("ports")).ShouldContain(allowed => allowed.Text("port") == port.Text("targetPort"), service.Name);
        }

        // The reference intent classifier's route is ours under another name.
        objects.Single(one => one is { Kind: "Ingress", Name: "intents" }).Body
            .Text("metadata", "annotations", "nginx.ingress.kubernetes.io/rewrite-target").ShouldBe("/classifiers/intents/predict");
    }

    [Fact]
    public async Task In_production_whoever_comes_from_outside_comes_by_TLS()
    {
        foreach (var ingress in (await Rendering.OverlayAsync("production")).Where(one => one.Kind == "Ingress"))
        {
            ingress.Body.Items("spec", "tls").SelectMany(tls => tls.Items("hosts")).Select(host => host.ToString())
                .ShouldBe(ingress.Body.Items("spec", "rules").Select(rule => rule.Text("host")), ignoreOrder: true);
        }
    }

    [GeneratedRegex(@"(?<![\w.-])(?<host>[a-z]+):(?<port>\d{2,5})(?!\d)", RegexOptions.ExplicitCapture)]
    private static partial Regex Address();
}
