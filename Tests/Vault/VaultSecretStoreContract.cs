using Shouldly;
using TicketAspire.ServiceDefaults.Secrets;
using TicketAspire.ServiceDefaults.Vault;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.Vault;

/// <summary>
/// Signing in, reading, and what is said when Vault says no, whichever adapter asks it. Against a stand-in: see
/// <see cref="VaultStandIn"/>.
/// </summary>
public abstract class VaultSecretStoreContract
{
    private const string Read = $"GET /v1/secret/data/{VaultSite.Path}";
    private const string LookUp = "GET /v1/auth/token/lookup-self";
    private const string Renew = "POST /v1/auth/token/renew-self";
    private const string LogIn = "POST /v1/auth/approle/login";

    private static readonly string[] AppRole = ["RoleId=desk", "SecretId=s3cret"];

    private static CancellationToken Cancellation => HttpCalls.Cancellation;

    /// <summary>Opens the adapter under test.</summary>
    private protected abstract IVaultApi Open(VaultSettings settings);

    [Fact]
    public async Task A_token_reads_the_services_own_secret()
    {
        await using var site = await VaultSite.StartAsync(Open);
        var store = site.Open($"Token={site.Vault.Issue()}");

        var secret = await store.ReadAsync(Cancellation);

        secret.Number.ShouldBe(1);
        secret.Values.ShouldHaveSingleItem().ShouldBe(new KeyValuePair<string, string?>("ConnectionStrings:redis", "redis:6379,password=s3cret"));
        site.Vault.Requests.ShouldBe([LookUp, Read]);
        store.Words.ShouldBe($"Vault at {site.Vault.Address} (secret/ticketaspire/api)");
    }

    [Fact]
    public async Task A_namespace_goes_with_each_request()
    {
        await using var site = await VaultSite.StartAsync(Open);

        await site.Open($"Token={site.Vault.Issue()}", "Namespace=desk").ReadAsync(Cancellation);

        site.Vault.Requests.ShouldBe([$"desk: {LookUp}", $"desk: {Read}"]);
    }

    [Fact]
    public async Task An_AppRole_signs_in_with_its_two_ids_once()
    {
        await using var site = await VaultSite.StartAsync(Open);
        site.Vault.Logins["approle"] = """{"role_id": "desk", "secret_id": "s3cret"}""";
        var store = site.Open(AppRole);

        await store.ReadAsync(Cancellation);
        site.Vault.Put(VaultSite.Path, """{"ConnectionStrings:redis": "other"}""");
        var rotated = await store.ReadAsync(Cancellation);

        (rotated.Number, rotated.Values["ConnectionStrings:redis"]).ShouldBe((2, "other"));
        site.Vault.Requests.ShouldBe([LogIn, Read, Read]);
    }

    [Fact]
    public async Task A_pod_signs_in_with_its_service_accounts_token_as_it_is_at_that_time()
    {
        await using var site = await VaultSite.StartAsync(Open);
        var file = Path.GetTempFileName();
        try
        {
            var store = site.Open("KubernetesRole=ticketaspire-api", $"KubernetesTokenPath={file}", "AuthMount=clusters/desk");
            foreach (var token in new[] { "first.jwt", "second.jwt" })
            {
                await File.WriteAllTextAsync(file, $"{token}\n", Cancellation);
                site.Vault.Logins["clusters/desk"] = $$"""{"role": "ticketaspire-api", "jwt": "{{token}}"}""";
                site.Vault.Revoke();
                (await store.ReadAsync(Cancellation)).Number.ShouldBe(1);
            }
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_token_is_renewed_when_two_thirds_of_its_life_are_over()
    {
        await using var site = await VaultSite.StartAsync(Open);
        site.Vault.Logins["approle"] = """{"role_id": "desk", "secret_id": "s3cret"}""";
        var store = site.Open(AppRole);
        await store.ReadAsync(Cancellation);
        store.RenewAfter.ShouldBe(TimeSpan.FromMinutes(40));

        site.Time.Advance(TimeSpan.FromMinutes(39));
        await store.ReadAsync(Cancellation);
        site.Time.Advance(TimeSpan.FromMinutes(1));
        await store.ReadAsync(Cancellation);

        site.Vault.Requests.ShouldBe([LogIn, Read, Read, Renew, Read]);
        store.RenewAfter.ShouldBe(TimeSpan.FromMinutes(40));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_renewal_is_not_possible_or_brings_little_it_signs_in_anew(bool renewable)
    {
        await using var site = await VaultSite.StartAsync(Open);
        site.Vault.Logins["approle"] = """{"role_id": "desk", "secret_id": "s3cret"}""";
        (site.Vault.Lease, site.Vault.RenewedFor) = ((3600, renewable), 60);
        var store = site.Open(AppRole);
        await store.ReadAsync(Cancellation);

        site.Time.Advance(TimeSpan.FromMinutes(40));
        await store.ReadAsync(Cancellation);

        site.Vault.Requests.ShouldBe(renewable ? [LogIn, Read, Renew, LogIn, Read] : [LogIn, Read, LogIn, Read]);
        store.RenewAfter.ShouldBe(TimeSpan.FromMinutes(40));
    }

    [Fact]
    public async Task A_renewal_that_Vault_cannot_answer_just_now_is_tried_again_with_the_same_token()
    {
        await using var site = await VaultSite.StartAsync(Open);
        var store = site.Open($"Token={site.Vault.Issue()}");
        await store.ReadAsync(Cancellation);

        site.Time.Advance(TimeSpan.FromMinutes(40));
        site.Vault.Status = 503;
        await Should.ThrowAsync<SecretStoreException>(() => store.ReadAsync(Cancellation));
        site.Vault.Status = null;
        await store.ReadAsync(Cancellation);

        site.Vault.Requests.ShouldBe([LookUp, Read, Renew, Renew, Read]);
    }

    [Fact]
    public async Task A_root_token_is_never_renewed_and_one_that_may_not_look_itself_up_reads_all_the_same()
    {
        await using var site = await VaultSite.StartAsync(Open);
        site.Vault.Lease = (0, false);
        var root = site.Open($"Token={site.Vault.Issue()}");
        await root.ReadAsync(Cancellation);
        site.Vault.ForbidsLookup = true;
        var strict = site.Open($"Token={site.Vault.Issue()}");
        await strict.ReadAsync(Cancellation);

        root.RenewAfter.ShouldBeNull();
        strict.RenewAfter.ShouldBeNull();
    }

    [Fact]
    public async Task After_a_403_it_signs_in_anew_and_says_what_is_not_permitted_if_that_does_not_help()
    {
        await using var site = await VaultSite.StartAsync(Open);
        site.Vault.Logins["approle"] = """{"role_id": "desk", "secret_id": "s3cret"}""";
        var store = site.Open(AppRole);
        await store.ReadAsync(Cancellation);

        site.Vault.Revoke();
        (await store.ReadAsync(Cancellation)).Number.ShouldBe(1);
        site.Vault.Requests.ShouldBe([LogIn, Read, Read, LogIn, Read]);

        var error = await RefusalAsync(site.Open(["Mount=other", .. AppRole]));
        error.Message.ShouldBe(
            $"Vault at {site.Vault.Address} does not permit to read other/data/ticketaspire/api: the token is not valid, or its policy does not grant \"read\" on that path");
        error.MayPass.ShouldBeFalse();
    }

    [Fact]
    public async Task A_token_file_that_was_replaced_is_read_after_a_403()
    {
        await using var site = await VaultSite.StartAsync(Open);
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, site.Vault.Issue("hvs.first"), Cancellation);
            var store = site.Open($"TokenFile={file}");
            await store.ReadAsync(Cancellation);
            site.Vault.Revoke();
            await File.WriteAllTextAsync(file, site.Vault.Issue("hvs.second"), Cancellation);

            (await store.ReadAsync(Cancellation)).Number.ShouldBe(1);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData(503, "is sealed, or down for maintenance", true)]
    [InlineData(429, "has too much to do", true)]
    [InlineData(307, "is a standby that sends elsewhere", true)]
    [InlineData(500, "refuses with status 500", true)]
    [InlineData(400, "refuses the token", false)]
    public async Task A_refusal_is_told_in_our_words_and_never_in_Vaults(int status, string words, bool mayPass)
    {
        await using var site = await VaultSite.StartAsync(Open);
        site.Vault.Status = status;

        var error = await RefusalAsync(site.Open($"Token={site.Vault.Issue()}"));

        error.Message.ShouldStartWith($"Vault at {site.Vault.Address} {words}");
        error.MayPass.ShouldBe(mayPass);
    }

    [Fact]
    public async Task Who_may_not_sign_in_is_told_which_setting_to_look_at_and_may_try_again()
    {
        await using var site = await VaultSite.StartAsync(Open);
        site.Vault.Logins["approle"] = """{"role_id": "desk", "secret_id": "another"}""";
        var store = site.Open(AppRole);

        (await RefusalAsync(store)).Message.ShouldBe(
            $"Vault at {site.Vault.Address} does not let this service sign in (status 400): look at Vault:RoleId, Vault:SecretId and the AppRole authentication at auth/approle");
        (await RefusalAsync(site.Open(["AuthMount=none", .. AppRole]))).Message.ShouldContain("auth/none");

        site.Vault.Logins["approle"] = """{"role_id": "desk", "secret_id": "s3cret"}""";
        (await store.ReadAsync(Cancellation)).Number.ShouldBe(1);
    }

    [Fact]
    public async Task A_secret_that_is_not_there_or_was_deleted_may_yet_come()
    {
        await using var site = await VaultSite.StartAsync(Open);
        site.Vault.Delete(VaultSite.Path);

        foreach (var path in new[] { "ticketaspire/api", "nothing" })
        {
            var error = await RefusalAsync(site.Open($"Token={site.Vault.Issue()}", $"Path={path}"));
            error.Message.ShouldContain($"has no secret at secret/{path}");
            error.MayPass.ShouldBeTrue();
        }
    }

    [Theory]
    [InlineData("<html>l3aked</html>")]
    [InlineData("""{"data": "l3aked"}""")]
    [InlineData("")]
    public async Task What_is_not_Vault_is_told_without_quoting_it(string words)
    {
        await using var site = await VaultSite.StartAsync(Open);
        (site.Vault.Status, site.Vault.Words) = (200, words);

        (await RefusalAsync(site.Open($"Token={site.Vault.Issue()}"))).Message.ShouldEndWith("gives an answer that is not Vault's");
    }

    [Fact]
    public async Task A_Vault_that_is_not_there_cannot_be_reached_and_a_CA_file_that_is_none_is_named()
    {
        using var silent = new SilentPort();
        await using var site = await VaultSite.StartAsync(Open);

        var error = await RefusalAsync(site.Open("Token=hvs.s3cret", $"Address={silent.Address}"));
        error.Message.ShouldBe($"Vault at {silent.Address.ToString().TrimEnd('/')} cannot be reached");
        error.MayPass.ShouldBeTrue();
        Should.Throw<SecretStoreException>(() => site.Open("Token=hvs.s3cret", "CaFile=/nowhere.pem")).Message.ShouldContain("Vault:CaFile '/nowhere.pem'");
    }

    private static async Task<SecretStoreException> RefusalAsync(VaultSecretStore store)
    {
        var error = await Should.ThrowAsync<SecretStoreException>(() => store.ReadAsync(Cancellation));
        foreach (var secret in new[] { "s3cret", "l3aked" })
        {
            error.ToString().ShouldNotContain(secret);
        }

        return error;
    }
}
