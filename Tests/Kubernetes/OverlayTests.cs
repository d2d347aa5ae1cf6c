using Shouldly;
using Xunit;

namespace TicketAspire.Tests.Kubernetes;

public sealed class OverlayTests
{
    public static TheoryData<string> Overlays => [.. ManifestFolder.Overlays];

    [Theory, MemberData(nameof(Overlays))]
    public async Task An_overlay_renders_each_object_once_and_into_its_namespace(string overlay)
    {
        var objects = await Rendering.OverlayAsync(overlay);

        objects.Select(one => one.ToString()).ShouldBeUnique();
        objects.Single(one => one.Kind == "Namespace").Name.ShouldBe("ticketaspire");
        objects.Where(one => one.Kind != "Namespace")
            .ShouldAllBe(one => one.Body.Text("metadata", "namespace") == "ticketaspire");
    }

    [Theory, MemberData(nameof(Overlays))]
    public async Task Each_object_is_one_that_Kubernetes_knows(string overlay)
    {
        Assert.SkipUnless(ManifestFolder.Schema is not null, "shared/kubernetes is not at hand.");
        var schema = new KubernetesSchema(ManifestFolder.Schema);

        (await Rendering.OverlayAsync(overlay)).SelectMany(schema.Faults).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_Aspirate_made_is_known_to_Kubernetes_too()
    {
        Assert.SkipUnless(ManifestFolder.Schema is not null, "shared/kubernetes is not at hand.");
        var schema = new KubernetesSchema(ManifestFolder.Schema);

        (await Rendering.BaseAsync()).SelectMany(schema.Faults).ShouldBeEmpty();
    }

    [Fact]
    public void Faults_are_found()
    {
        Assert.SkipUnless(ManifestFolder.Schema is not null, "shared/kubernetes is not at hand.");
        var schema = new KubernetesSchema(ManifestFolder.Schema);
        const string Wrong = """
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: wrong
              labels: { number: 1 }
            spec:
              replica: 2
              selector: {}
              template:
                spec:
                  containers:
                  - image: some
                    ports: [ { containerPort: 70000 } ]
                    resources: { limits: { memory: 1 GB } }
                  terminationGracePeriodSeconds: "30"
                  automountServiceAccountToken: "false"
            ---
            apiVersion: extensions/v1beta1
            kind: Ingress
            metadata: { name: old }
            """;

        YamlDocuments.Parse(Wrong).SelectMany(document => schema.Faults(new KubernetesObject(document))).Order(StringComparer.Ordinal).ShouldBe(
        [
            "Deployment/wrong.metadata.labels.number is 1, not a string.",
            "Deployment/wrong.spec.replica is no field of V1DeploymentSpec.",
            "Deployment/wrong.spec.template.spec.automountServiceAccountToken is \"false\", not a boolean.",
            "Deployment/wrong.spec.template.spec.containers[0].name is missing.",
            "Deployment/wrong.spec.template.spec.containers[0].ports[0].containerPort is no port: 70000.",
            "Deployment/wrong.spec.template.spec.containers[0].resources.limits.memory is no quantity: \"1 GB\".",
            "Deployment/wrong.spec.template.spec.terminationGracePeriodSeconds is \"30\", not a number.",
            "Ingress/old: extensions/v1beta1/Ingress is no type of Kubernetes v1.32.0.",
        ]);
    }

    [Theory, MemberData(nameof(Overlays))]
    public async Task The_development_Vault_stays_out_of_the_cluster(string overlay) =>
        (await Rendering.OverlayAsync(overlay)).ShouldNotContain(one => one.Name.StartsWith("vault", StringComparison.Ordinal));

    [Theory]
    [InlineData("local", "1", "5")]
    [InlineData("production", "2", "20")]
    public async Task Api_and_Inference_grow_with_their_load(string overlay, string least, string most)
    {
        var objects = await Rendering.OverlayAsync(overlay);
        var scalers = objects.Where(one => one.Kind == "HorizontalPodAutoscaler").ToArray();

        scalers.Select(scaler => scaler.Name).Order(StringComparer.Ordinal).ShouldBe(["api", "inference"]);
        foreach (var scaler in scalers)
        {
            var spec = scaler.Body["spec"]!;
            (spec.Text("minReplicas"), spec.Text("maxReplicas")).ShouldBe((least, most));
            var target = objects.Single(one => one.Kind == spec.Text("scaleTargetRef", "kind") && one.Name == spec.Text("scaleTargetRef", "name"));
            target.Body.Text("apiVersion").ShouldBe(spec.Text("scaleTargetRef", "apiVersion"));
            target.Body.At("spec", "replicas").ShouldBeNull("Applying it again would undo what the autoscaler did.");
            target.Container.Text("resources", "requests", "cpu").ShouldNotBeNull("A utilisation is a share of what is requested.");
            var metric = spec.Items("metrics").Single()["resource"];
            (metric.Text("name"), metric.Text("target", "type"), metric.Text("target", "averageUtilization")).ShouldBe(("cpu", "Utilization", "50"));
            (spec.At("behavior", "scaleUp") is not null).ShouldBe(overlay == "production");
        }
    }
}
