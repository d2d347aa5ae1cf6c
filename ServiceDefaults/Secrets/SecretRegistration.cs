using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using TicketAspire.ServiceDefaults.Vault;

namespace TicketAspire.ServiceDefaults.Secrets;

/// <summary>
/// Puts secrets into a service's configuration. They go before all that was there earlier, variables and command line
/// included: what they replace could not be rotated otherwise.
/// </summary>
public static class SecretRegistration
{
    /// <summary>Adds the secrets to a service, looks for new ones while it runs, and tells of it in <c>/health</c>.</summary>
    /// <param name="builder">The service's builder.</param>
    /// <param name="service">The service's name: <c>api</c>.</param>
    /// <exception cref="InvalidOperationException">
    /// A setting makes no sense, or the secrets cannot be had (<see cref="SecretStoreException"/>).
    /// </exception>
    public static void AddSecrets(this WebApplicationBuilder builder, string service)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.Configuration.Add(service) is { } secrets)
        {
            builder.Services.AddRefreshing(secrets);
        }
    }

    /// <summary>Adds the secrets to a program that ends by itself: they are read once.</summary>
    /// <inheritdoc cref="AddSecrets(WebApplicationBuilder, string)"/>
    public static void AddSecrets(this ConfigurationManager configuration, string service) => configuration.Add(service)?.Store.Dispose();

    /// <summary>Looks for new secrets while the service runs.</summary>
    internal static IServiceCollection AddRefreshing(this IServiceCollection services, SecretProvider secrets)
    {
        services.AddSingleton(secrets).AddSingleton<SecretRefreshing>();
        services.AddHostedService(provider => provider.GetRequiredService<SecretRefreshing>());
        services.AddHealthChecks().AddCheck<SecretCheck>("secrets");
        return services;
    }

    private static SecretProvider? Add(this ConfigurationManager configuration, string service)
    {
        configuration.AddSecretFiles();
        if (string.IsNullOrWhiteSpace(configuration[VaultSettings.AddressKey]))
        {
            return null;
        }

        var settings = VaultSettings.Read(configuration, service);
        var store = new VaultSecretStore(VaultApis.Open(settings), settings, TimeProvider.System);
        var secrets = new SecretProvider(store, settings.Timing, TimeProvider.System);
        ((IConfigurationBuilder)configuration).Add(secrets);
        return secrets;
    }
}
