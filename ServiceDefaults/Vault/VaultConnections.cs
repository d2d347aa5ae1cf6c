using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TicketAspire.ServiceDefaults.Secrets;

namespace TicketAspire.ServiceDefaults.Vault;

/// <summary>The connections to Vault that all clients of a session share.</summary>
internal static class VaultConnections
{
    /// <summary>So long a connection is used, so that a changed address is noticed.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    /// <summary>Prepares them.</summary>
    /// <exception cref="SecretStoreException">The CA file cannot be read.</exception>
    public static SocketsHttpHandler Open(VaultSettings settings)
    {
        var handler = new SocketsHttpHandler
        {
            // A token goes where it was configured for, and nowhere else.
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = settings.Patience,
            PooledConnectionLifetime = Life,
            // No traces of a look each minute.
            ActivityHeadersPropagator = null,
        };
        if (settings.CaFile is { } file)
        {
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = Trusting(file) };
        }

        return handler;
    }

    private static X509ChainPolicy Trusting(string file)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new SecretStoreException($"Vault:CaFile '{file}' cannot be read", error);
        }

        return policy.CustomTrustStore.Count > 0
            ? policy
            : throw new SecretStoreException($"Vault:CaFile '{file}' holds no certificate in PEM form");
    }
}
