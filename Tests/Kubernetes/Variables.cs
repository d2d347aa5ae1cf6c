namespace TicketAspire.Tests.Kubernetes;

/// <summary>The environment of a workload's container, as the kubelet puts it together.</summary>
internal static class Variables
{
    public static Dictionary<string, string> Of(KubernetesObject workload, IReadOnlyCollection<KubernetesObject> objects)
    {
        var variables = new Dictionary<string, string>();
        foreach (var source in workload.Container.Items("envFrom"))
        {
            var map = objects.Single(one => one.Kind == "ConfigMap" && one.Name == source.Text("configMapRef", "name"));
            foreach (var (name, value) in map.Body.Map("data"))
            {
                variables[name] = value;
            }
        }

        // These go before those.
        foreach (var own in workload.Container.Items("env"))
        {
            variables[own.Text("name")!] = own.Text("value") ?? string.Empty;
        }

        return variables;
    }
}
