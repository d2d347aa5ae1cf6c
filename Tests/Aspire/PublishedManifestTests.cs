using System.Text.Json.Nodes;
using Shouldly;
using TicketAspire.Tests.Kubernetes;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.Aspire;

/// <summary>The deployment manifest that the app host writes.</summary>
public sealed class PublishedManifestTests
{
    [Fact]
    public async Task What_is_in_the_repository_is_what_the_app_host_writes()
    {
        var written = await PublishAsync();

        JsonNode.DeepEquals(written["resources"], ManifestFolder.Resources()).ShouldBeTrue(
            "dotnet run --project AppHost -- --publisher manifest --output-path ../aspire-manifest/manifest.json, then look at what changed and mend aspire-manifest/base");
    }

    [Fact]
    public async Task Secrets_are_generated_or_asked_for_and_never_written_down()
    {
        var parameters = (await PublishAsync())["resources"]!.AsObject().Where(resource => resource.Value!["type"]!.ToString() == "parameter.v0").ToArray();

        parameters.Length.ShouldBe(3);
        foreach (var (name, parameter) in parameters)
        {
            parameter!["value"]!.ToString().ShouldBe($"{{{name}.inputs.value}}");
            parameter["inputs"]!["value"]!["default"]!.AsObject().Select(member => member.Key).ShouldBe(["generate"]);
        }
    }

    // Paths in a manifest are relative to it, so it lies as deep in the repository as the other, which is read by other tests.
    private static async Task<JsonNode> PublishAsync()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(ManifestFolder.Path)!, $"published-{Guid.NewGuid():N}"));
        try
        {
            var path = Path.Combine(folder.FullName, "manifest.json");
            var builder = await AspireModel.BuildAsync("--publisher", "manifest", "--output-path", path);
            await using var application = await builder.BuildAsync(HttpCalls.Cancellation);
            await application.RunAsync(HttpCalls.Cancellation);
            return JsonNode.Parse(await File.ReadAllTextAsync(path, HttpCalls.Cancellation))!;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
