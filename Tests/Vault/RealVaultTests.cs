using System.Net.Http.Json;
using Microsoft.Extensions.Configuration;
using Shouldly;
using TicketAspire.ServiceDefaults.Secrets;
using TicketAspire.ServiceDefaults.Vault;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.Vault;

/// <summary>
/// A real Vault, where one is named: <c>TICKETASPIRE_TEST_VAULT=http://127.0.0.1:8200</c> with a root token in
/// <c>TICKETASPIRE_TEST_VAULT_TOKEN</c>, as of <c>vault server -dev</c>. It writes a secret, a policy and an AppRole of its own
/// and takes them away again.
/// </summary>
public sealed class RealVaultTests : IAsyncDisposable
{
    private static readonly string? Address = Environment.GetEnvironmentVariable("TICKETASPIRE_TEST_VAULT");
    private static readonly string Root = Environment.GetEnvironmentVariable("TICKETASPIRE_TEST_VAULT_TOKEN") ?? string.Empty;

    private readonly string _name = $"test-{Guid.NewGuid():N}";
    private readonly HttpClient _http = new() { BaseAddress = Address is null ? null : new Uri(Address) };

    private static CancellationToken Cancellation => HttpCalls.Cancellation;

    [Fact]
    public async Task A_token_and_an_AppRole_read_each_new_version_and_a_wrong_token_is_refused()
    {
        Assert.SkipWhen(Address is null, "TICKETASPIRE_TEST_VAULT names no Vault.");
        _http.DefaultRequestHeaders.Add("X-Vault-Token", Root);
        await WriteAsync("first");
        await CallAsync(HttpMethod.Put, $"sys/policies/acl/{_name}", new { policy = $"path \"secret/data/{_name}\" {{ capabilities = [\"read\"] }}" });
        using (await _http.PostAsJsonAsync(new Uri("v1/sys/auth/approle", UriKind.Relative), new { type = "approle" }, Cancellation))
        {
            // It may be there already.
        }

        await CallAsync(HttpMethod.Post, $"auth/approle/role/{_name}", new { token_policies = _name, token_ttl = "1h" });
        var role = (await CallAsync(HttpMethod.Get, $"auth/approle/role/{_name}/role-id", null)).GetProperty("role_id").GetString();
        var secret = (await CallAsync(HttpMethod.Post, $"auth/approle/role/{_name}/secret-id", new { })).GetProperty("secret_id").GetString();
        using var byToken = Open($"Token={Root}");
        using var byRole = Open($"RoleId={role}", $"SecretId={secret}");

        foreach (var (store, renews) in new[] { (byToken, false), (byRole, true) })
        {
            (await store.ReadAsync(Cancellation)).Values["ConnectionStrings:redis"].ShouldBe("first");
            (store.RenewAfter is not null).ShouldBe(renews);
        }

        await WriteAsync("second");
        await CallAsync(HttpMethod.Delete, $"auth/approle/role/{_name}", null);
        (await byRole.ReadAsync(Cancellation)).Number.ShouldBe(2);
        (await byToken.ReadAsync(Cancellation)).Values["ConnectionStrings:redis"].ShouldBe("second");
        (await Should.ThrowAsync<SecretStoreException>(() => Open("Token=hvs.wrong").ReadAsync(Cancellation))).Message.ShouldContain("policy");
    }

    public async ValueTask DisposeAsync()
    {
        if (Address is not null)
        {
            await CallAsync(HttpMethod.Delete, $"secret/metadata/{_name}", null);
            await CallAsync(HttpMethod.Delete, $"sys/policies/acl/{_name}", null);
        }

        _http.Dispose();
    }

    private VaultSecretStore Open(params string[] settings)
    {
        var read = VaultSettings.Read(
            new ConfigurationBuilder()
                .AddCommandLine([$"--Vault:Address={Address}", $"--Vault:Path={_name}", .. settings.Select(one => $"--Vault:{one}")])
                .Build(),
            "api");
        return new VaultSecretStore(VaultApis.Open(read), read, TimeProvider.System);
    }

    private Task<System.Text.Json.JsonElement> WriteAsync(string value) =>
        CallAsync(HttpMethod.Post, $"secret/data/{_name}", new { data = new Dictionary<string, string>(StringComparer.Ordinal) { ["ConnectionStrings__redis"] = value } });

    private async Task<System.Text.Json.JsonElement> CallAsync(HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, new Uri($"v1/{path}", UriKind.Relative)) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await _http.SendAsync(request, Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        response.IsSuccessStatusCode.ShouldBeTrue($"{method} {path}: {(int)response.StatusCode} {text}");
        return text.Length == 0 ? default : System.Text.Json.JsonElement.Parse(text).GetProperty("data");
    }
}
