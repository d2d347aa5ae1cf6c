using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using TicketAspire.Tests.Support;

namespace TicketAspire.Tests.Aspire;

/// <summary>The app host's model, as AppHost.cs makes it.</summary>
internal static class AspireModel
{
    public static readonly string[] Services = ["inference", "retrainer", "api", "web"];

    public static readonly string[] Containers = ["redis", "elasticsearch", "kibana", "kibana-import", "logstash", "vault"];

    /// <summary>The model with containers, not started.</summary>
    public static Task<IDistributedApplicationTestingBuilder> WithContainersAsync(params string[] args) => BuildAsync([.. args, "--containers"]);

    /// <summary>The model, not started. The testing builder reads the arguments, too: a switch without a value must be the last.</summary>
    public static Task<IDistributedApplicationTestingBuilder> BuildAsync(params string[] args) =>
        DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(args, HttpCalls.Cancellation);

    /// <summary>The model, to be started with the dashboard.</summary>
    public static Task<IDistributedApplicationTestingBuilder> BuildWithDashboardAsync(params string[] args) =>
        DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            new DistributedApplicationTestingBuilderOptions { EnableDashboard = true }, args, HttpCalls.Cancellation);

    /// <summary>The resource of this name.</summary>
    public static IResource Find(this IDistributedApplicationBuilder builder, string name) =>
        builder.Resources.Single(resource => resource.Name == name);

    /// <summary>The names of those that a resource waits for, and for what.</summary>
    public static IEnumerable<(string Name, WaitType Type)> Waits(this IResource resource) =>
        resource.Annotations.OfType<WaitAnnotation>().Select(wait => (wait.Resource.Name, wait.WaitType)).Distinct();

    /// <summary>The names of those that a resource refers to.</summary>
    public static IEnumerable<string> References(this IResource resource) =>
        resource.Annotations.OfType<ResourceRelationshipAnnotation>().Where(relation => relation.Type == "Reference")
            .Select(relation => relation.Resource.Name).Distinct();

    /// <summary>The variables that a resource is given, as the model has them: texts, parameters, endpoints, ….</summary>
    public static async Task<IReadOnlyDictionary<string, object>> VariablesAsync(this IDistributedApplicationBuilder builder, string name)
    {
        var resource = builder.Find(name);
        Dictionary<string, object> variables = [];
        var context = new EnvironmentCallbackContext(builder.ExecutionContext, resource, variables, HttpCalls.Cancellation);
        // The orchestrator's own come first and ask for what there is only once it runs.
        foreach (var variable in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await variable.Callback(context);
        }

        return variables;
    }
}
