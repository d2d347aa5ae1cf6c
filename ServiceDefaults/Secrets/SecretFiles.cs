using Microsoft.Extensions.Configuration;

namespace TicketAspire.ServiceDefaults.Secrets;

/// <summary>Secrets as files, one each, as Vault's agent, Kubernetes and Docker put them beside a service.</summary>
public static class SecretFiles
{
    /// <summary>The key of the folder's path.</summary>
    public const string PathKey = "Secrets:Path";

    /// <summary>
    /// Adds the files of the folder that <see cref="PathKey"/> names, if it names one: a file's name is the key
    /// (<c>ConnectionStrings__redis</c>), its content the value. They go before everything that was added earlier.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no such folder.</exception>
    public static void AddSecretFiles(this ConfigurationManager configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (configuration[PathKey] is not { Length: > 0 } path)
        {
            return;
        }

        var folder = Path.GetFullPath(path);
        if (!Directory.Exists(folder))
        {
            throw new InvalidOperationException($"{PathKey} is '{path}'; there is no such folder.");
        }

        configuration.AddKeyPerFile(folder);
    }
}
