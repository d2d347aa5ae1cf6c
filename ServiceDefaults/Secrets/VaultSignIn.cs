using Microsoft.Extensions.Configuration;

namespace TicketAspire.ServiceDefaults.Secrets;

/// <summary>A way to sign in to Vault. Classes, so that nothing prints what is in them.</summary>
internal abstract class VaultSignIn
{
    private const string DefaultKubernetesToken = "/var/run/secrets/kubernetes.io/serviceaccount/token";

    private VaultSignIn()
    {
    }

    /// <summary>Reads which one is configured.</summary>
    /// <exception cref="InvalidOperationException">None, several, or a half; the message quotes no secret.</exception>
    public static VaultSignIn Read(IConfigurationSection section)
    {
        var role = VaultSettings.NullIfBlank(section["RoleId"]);
        var kubernetes = VaultSettings.NullIfBlank(section["KubernetesRole"]);
        var token = Secret(section, "Token");
        var secretId = Secret(section, "SecretId");
        if (new object?[] { token, role, kubernetes }.Count(way => way is not null) != 1)
        {
            throw new InvalidOperationException(
                "Vault needs exactly one way to sign in: Vault:Token or Vault:TokenFile; Vault:RoleId with Vault:SecretId or "
                + "Vault:SecretIdFile; or Vault:KubernetesRole");
        }

        if ((role is null) != (secretId is null))
        {
            throw new InvalidOperationException("Vault:RoleId and Vault:SecretId (or Vault:SecretIdFile) go together");
        }

        return token is not null ? new ByToken(token)
            : role is not null ? new ByAppRole(VaultSettings.PathOf(section, "AuthMount", "approle"), role, secretId!)
            : new ByKubernetes(
                VaultSettings.PathOf(section, "AuthMount", "kubernetes"),
                kubernetes!,
                SecretText.InFile("Vault:KubernetesTokenPath", VaultSettings.NullIfBlank(section["KubernetesTokenPath"]) ?? DefaultKubernetesToken));
    }

    private static SecretText? Secret(IConfigurationSection section, string key) =>
        (VaultSettings.NullIfBlank(section[key]), VaultSettings.NullIfBlank(section[$"{key}File"])) switch
        {
            (null, null) => null,
            ({ } value, null) => SecretText.Of($"Vault:{key}", value),
            (null, { } file) => SecretText.InFile($"Vault:{key}File", file),
            _ => throw new InvalidOperationException($"Vault:{key} and Vault:{key}File are both set; one of them is enough"),
        };

    /// <summary>With a token that somebody else has got.</summary>
    internal sealed class ByToken(SecretText token) : VaultSignIn
    {
        public SecretText Token { get; } = token;
    }

    /// <summary>With an AppRole's two ids.</summary>
    internal sealed class ByAppRole(string mount, string role, SecretText secretId) : VaultSignIn
    {
        public string Mount { get; } = mount;

        public string Role { get; } = role;

        public SecretText SecretId { get; } = secretId;
    }

    /// <summary>With the token of a pod's service account.</summary>
    internal sealed class ByKubernetes(string mount, string role, SecretText token) : VaultSignIn
    {
        public string Mount { get; } = mount;

        public string Role { get; } = role;

        public SecretText Token { get; } = token;
    }
}
