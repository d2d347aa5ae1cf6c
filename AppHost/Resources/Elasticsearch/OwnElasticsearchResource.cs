namespace TicketAspire.AppHost.Resources.Elasticsearch;

/// <summary>Elasticsearch in a container, with security on; signed in to as <c>elastic</c>.</summary>
/// <param name="name">The resource's name.</param>
/// <param name="password">The password of <c>elastic</c>.</param>
internal sealed class OwnElasticsearchResource(string name, ParameterResource password) : ContainerResource(name), IResourceWithConnectionString
{
    /// <summary>The password of <c>elastic</c>.</summary>
    public ParameterResource PasswordParameter { get; } = password;

    /// <summary>Where its HTTP API is.</summary>
    public EndpointReference PrimaryEndpoint => new(this, Services.Endpoint);

    /// <summary><c>http://elastic:password@host:port</c>.</summary>
    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create(
        $"http://elastic:{PasswordParameter}@{PrimaryEndpoint.Property(EndpointProperty.Host)}:{PrimaryEndpoint.Property(EndpointProperty.Port)}");
}
