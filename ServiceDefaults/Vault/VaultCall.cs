using System.Security.Authentication;
using TicketAspire.ServiceDefaults.Secrets;

namespace TicketAspire.ServiceDefaults.Vault;

/// <summary>
/// Calls Vault and puts what goes wrong into an operator's words. Vault's own words are left out: a proxy's or an error's text
/// may quote what was sent.
/// </summary>
internal static class VaultCall
{
    /// <summary>Asks for something.</summary>
    /// <param name="vault">Vault, in words.</param>
    /// <param name="ask">What to ask.</param>
    /// <param name="refused">What a status means here; null for what it means everywhere.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <exception cref="VaultRefusal">Vault answers no.</exception>
    /// <exception cref="SecretStoreException">It cannot be reached, does not answer in time, or is not Vault.</exception>
    public static async Task<T> AskAsync<T>(string vault, Func<Task<T>> ask, Func<int, string?> refused, CancellationToken cancellation)
        where T : class
    {
        try
        {
            return await ask();
        }
        catch (VaultStatusException error)
        {
            throw new VaultRefusal($"{vault} {refused(error.Status) ?? Everywhere(error.Status)}", error.Status);
        }
        catch (HttpRequestException error) when (error.InnerException is AuthenticationException)
        {
            throw new SecretStoreException($"{vault} has a certificate that is not trusted here: Vault:CaFile names who is", error) { MayPass = false };
        }
        catch (HttpRequestException error)
        {
            throw new SecretStoreException($"{vault} cannot be reached", error) { MayPass = true };
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new SecretStoreException($"{vault} does not answer in time (Vault:Timeout)") { MayPass = true };
        }
        catch (Exception error) when (error is not (SecretStoreException or OperationCanceledException))
        {
            // JSON of another shape, or none: what was read may be in the exception.
            throw new SecretStoreException($"{vault} gives an answer that is not Vault's") { MayPass = true };
        }
    }

    // developer.hashicorp.com/vault/api-docs, "HTTP status codes".
    private static string Everywhere(int status) => status switch
    {
        307 => "is a standby that sends elsewhere: Vault:Address must be that of the active server or a load balancer",
        429 => "has too much to do",
        503 => "is sealed, or down for maintenance",
        _ => $"refuses with status {status}",
    };
}
