namespace TicketAspire.AppHost.Resources;

/// <summary>Vault, and the services' credentials in it.</summary>
internal static class Vault
{
    // At its start it prints the root token and the key that unseals it, and the dashboard shows what is printed. A pipe keeps its
    // program's lines one by one only in a shell's own loop.
    private const string WithoutSecrets = """
        docker-entrypoint.sh server -dev 2>&1 | while IFS= read -r line; do
          case $line in "Unseal Key:"* | "Root Token:"*) ;; *) printf '%s\n' "$line" ;; esac
        done
        """;

    /// <summary>
    /// Adds Vault in development mode, to run with; null where another is named (<c>Vault:Address</c>), and when publishing, for a cluster
    /// has a Vault of its own (aspire-manifest/).
    /// Whenever it starts, each service's secret, a policy to read it and a token with that policy are put in; what waits for Vault
    /// starts after that.
    /// </summary>
    public static IResourceBuilder<VaultResource>? AddVault(this IDistributedApplicationBuilder builder, string name)
    {
        if (!builder.ExecutionContext.IsRunMode || !string.IsNullOrWhiteSpace(builder.Configuration["Vault:Address"]))
        {
            return null;
        }

        var token = builder.AddParameter($"{name}-token", new GenerateParameterDefault { MinLength = 22, Special = false }, secret: true);
        return builder.AddResource(new VaultResource(name, token.Resource))
            .WithImage("hashicorp/vault", "1.20")
            .WithImageRegistry("docker.io")
            .WithHttpEndpoint(targetPort: 8200, name: Services.Endpoint)
            .WithLink("Vault", "/ui")
            .WithEnvironment("VAULT_DEV_LISTEN_ADDRESS", "0.0.0.0:8200")
            .WithEnvironment("VAULT_DEV_ROOT_TOKEN_ID", token)
            .WithHttpHealthCheck("/v1/sys/health")
            // Its memory stays out of the swap; and a shell that is no init process ends when it is told to.
            .WithContainerRuntimeArgs("--cap-add=IPC_LOCK", "--init")
            .WithEntrypoint("sh")
            .WithArgs("-c", WithoutSecrets)
            .OnResourceReady((resource, _, cancellation) => VaultFilling.FillAsync(resource, new Uri(resource.GetEndpoint(Services.Endpoint).Url), cancellation));
    }

    /// <summary>The service signs in to Vault, by a token that lies in a file that its user alone can read.</summary>
    public static IResourceBuilder<ProjectResource> WithVault(
        this IResourceBuilder<ProjectResource> service, IResourceBuilder<VaultResource> vault) =>
        service.WithEnvironment("Vault__Address", vault.GetEndpoint(Services.Endpoint))
            .WithEnvironment("Vault__TokenFile", TokenFiles.Keep(service.Resource.Name, vault.Resource.SecretOf(service.Resource.Name).Token))
            .WithReferenceRelationship(vault)
            .WaitFor(vault);

    /// <summary>
    /// The service reaches the store. Where there is a Vault the connection string, which has the password in it, is there and
    /// neither in the service's variables nor on the dashboard.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithStore(
        this IResourceBuilder<ProjectResource> service, IResourceBuilder<IResourceWithConnectionString> store, IResourceBuilder<VaultResource>? vault)
    {
        if (vault is null)
        {
            service.WithReference(store);
            return service.ApplicationBuilder.ExecutionContext.IsRunMode ? service.WaitFor(store) : service;
        }

        vault.Resource.SecretOf(service.Resource.Name).Values.Add($"ConnectionStrings__{store.Resource.Name}", store.Resource);
        return service.WithReferenceRelationship(store.Resource).WaitFor(store);
    }
}
