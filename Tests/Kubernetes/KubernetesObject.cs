using System.Text.Json.Nodes;

namespace TicketAspire.Tests.Kubernetes;

/// <summary>One object as it would be applied.</summary>
internal sealed record KubernetesObject(JsonObject Body)
{
    private static readonly string[] WithPods = ["Deployment", "StatefulSet", "Job"];

    public string Type => $"{Body.Text("apiVersion")}/{Kind}";

    public string Kind => Body.Text("kind")!;

    public string Name => Body.Text("metadata", "name")!;

    /// <summary>Whether it runs pods.</summary>
    public bool IsWorkload => WithPods.Contains(Kind);

    /// <summary>Whether its pods are to run for ever.</summary>
    public bool IsServer => IsWorkload && Kind != "Job";

    public JsonNode? PodTemplate => Body.At("spec", "template");

    public JsonNode? Pod => PodTemplate.At("spec");

    public Dictionary<string, string> PodLabels => PodTemplate.Map("metadata", "labels");

    /// <summary>Its only container beside init containers.</summary>
    public JsonNode Container => Pod.Items("containers").Single();

    /// <summary>All containers, also those that run before.</summary>
    public JsonNode[] AllContainers => [.. Pod.Items("initContainers"), .. Pod.Items("containers")];

    public override string ToString() => $"{Kind}/{Name}";

    /// <summary>Whether its pods have what the selector (<c>matchLabels</c> and <c>matchExpressions</c>) asks for.</summary>
    public bool IsSelectedBy(JsonNode? selector)
    {
        var labels = PodLabels;
        return selector.Map("matchLabels").All(wanted => labels.GetValueOrDefault(wanted.Key) == wanted.Value)
            && selector.Items("matchExpressions").All(wanted => wanted.Text("operator") == "In"
                && wanted.Items("values").Select(value => value.ToString()).Contains(labels.GetValueOrDefault(wanted.Text("key")!)));
    }
}
