using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Shouldly;
using TicketAspire.AppHost.Resources.Elasticsearch;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.Aspire;

/// <summary>What the app host, and the manifest for Kubernetes, take for granted of Elasticsearch, whichever adapter describes it.</summary>
public abstract class ElasticsearchContract
{
    private readonly IDistributedApplicationBuilder _builder = DistributedApplication.CreateBuilder();

    /// <summary>Adds it by the adapter under test.</summary>
    private protected abstract IResource Add(IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource> password, string volume);

    [Fact]
    public void It_is_the_official_image_on_its_usual_ports()
    {
        var node = Node();

        node.Annotations.OfType<ContainerImageAnnotation>().Last().ShouldSatisfyAllConditions(
            image => image.Registry.ShouldBe("docker.io"), image => image.Image.ShouldBe("library/elasticsearch"), image => image.Tag.ShouldNotBeNullOrEmpty());
        node.Annotations.OfType<EndpointAnnotation>().Select(endpoint => (endpoint.Name, endpoint.TargetPort, endpoint.UriScheme, endpoint.Port, endpoint.IsExternal))
            .ShouldBe([("http", 9200, "http", null, false), ("internal", 9300, "tcp", null, false)], ignoreOrder: true);
    }

    [Fact]
    public async Task It_is_a_single_node_with_security_on()
    {
        Node();

        var variables = await _builder.VariablesAsync("search");

        variables["discovery.type"].ToString().ShouldBe("single-node");
        variables["xpack.security.enabled"].ToString().ShouldBe("true");
        (variables["ELASTIC_PASSWORD"] is IManifestExpressionProvider password ? password.ValueExpression : string.Empty).ShouldBe("{search-password.value}");
        variables.Count.ShouldBe(3);
    }

    [Fact]
    public void What_it_has_is_on_the_volume_and_its_health_is_asked_for()
    {
        var node = Node();

        node.Annotations.OfType<ContainerMountAnnotation>().ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            mount => mount.Source.ShouldBe("search-data"), mount => mount.Target.ShouldBe("/usr/share/elasticsearch/data"),
            mount => mount.Type.ShouldBe(ContainerMountType.Volume), mount => mount.IsReadOnly.ShouldBeFalse());
        node.Annotations.OfType<HealthCheckAnnotation>().ShouldHaveSingleItem().Key.ShouldBe("search_check");
    }

    [Fact]
    public void Its_connection_string_has_user_password_host_and_port() =>
        ((IResourceWithConnectionString)Node()).ConnectionStringExpression.ValueExpression
            .ShouldBe("http://elastic:{search-password.value}@{search.bindings.http.host}:{search.bindings.http.port}");

    private IResource Node() => Add(_builder, "search", _builder.AddParameter("search-password", "s3cret", secret: true), "search-data");
}

/// <summary>Our own adapter.</summary>
public sealed class OwnElasticsearchTests : ElasticsearchContract
{
    [Theory]
    [InlineData(200, "elastic:s3cret@", null)]
    [InlineData(403, "elastic:s3cret@", null)]
    [InlineData(401, "", null)]
    [InlineData(401, "elastic:s3cret@", "refuses this user and password")]
    [InlineData(503, "elastic:s3cret@", "answers 503")]
    public async Task It_is_well_when_it_answers_who_is_signed_in_and_what_is_said_quotes_no_password(int status, string credentials, string? said)
    {
        string? signIn = null;
        await using var server = await StandInServer.StartAsync(app => app.Map("/", (HttpRequest request) =>
        {
            signIn = request.Headers.Authorization;
            return Results.StatusCode(status);
        }));

        var problem = await ElasticsearchCheck.ProblemAsync(server.Urls.Single().Replace("//", $"//{credentials}", StringComparison.Ordinal), HttpCalls.Cancellation);

        signIn.ShouldBe(credentials.Length > 0 ? $"Basic {Convert.ToBase64String("elastic:s3cret"u8)}" : null);
        if (said is null)
        {
            problem.ShouldBeNull();
        }
        else
        {
            problem.ShouldNotBeNull().ShouldSatisfyAllConditions(words => words.ShouldContain(said), words => words.ShouldNotContain("s3cret"));
        }
    }

    private protected override IResource Add(IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource> password, string volume) =>
        OwnElasticsearch.Add(builder, name, password, volume).Resource;
}

#if NUGETORG
/// <summary>The package's, where the build has it.</summary>
public sealed class PackageElasticsearchTests : ElasticsearchContract
{
    private protected override IResource Add(IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource> password, string volume) =>
        PackageElasticsearch.Add(builder, name, password, volume).Resource;
}
#endif
