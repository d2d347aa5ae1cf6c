using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shouldly;
using TicketAspire.ServiceDefaults.Secrets;
using TicketAspire.Tests.Support;
using TicketAspire.Web;
using Xunit;

namespace TicketAspire.Tests.Vault;

/// <summary>A whole service whose secrets are in Vault (a stand-in: see <see cref="VaultStandIn"/>).</summary>
public sealed class VaultServiceTests
{
    [Fact]
    public async Task A_service_starts_with_its_secrets_takes_new_ones_and_outlives_Vault_without_telling_any()
    {
        await using var vault = await VaultStandIn.StartAsync();
        vault.Logins["approle"] = """{"role_id": "web", "secret_id": "s3cret"}""";
        vault.Put("ticketaspire/web", """{"Desk__Password": "s3cret-1"}""");

        await using var web = await RunningService.StartAsync(
            WebService.Build, $"--Vault:Address={vault.Address}", "--Vault:RoleId=web", "--Vault:SecretId=s3cret", "--Vault:Every=00:00:01",
            "--Desk:Password=none");
        var configuration = web.Services.GetRequiredService<IConfiguration>();
        configuration["Desk:Password"].ShouldBe("s3cret-1");

        vault.Put("ticketaspire/web", """{"Desk:Password": "s3cret-2"}""");
        await IsSoAsync("the new one is in use", () => configuration["Desk:Password"] == "s3cret-2");
        vault.Status = 503;
        var health = string.Empty;
        await Eventually.IsSoAsync(
            "it is degraded",
            async limit => (health = await web.Http.GetStringAsync(new Uri("/health", UriKind.Relative), limit)).Contains("sealed", StringComparison.Ordinal),
            HttpCalls.Cancellation);

        health.ShouldContain("degraded");
        health.ShouldContain("stay in use");
        configuration["Desk:Password"].ShouldBe("s3cret-2");
        vault.Status = null;
        await IsSoAsync("it is told", () => web.Logs.All.Any(entry => entry.Words.Contains("can be read again", StringComparison.Ordinal)));

        web.Logs.All.Count(entry => entry.Level == LogLevel.Warning && entry.Words.Contains("sealed", StringComparison.Ordinal)).ShouldBe(1);
        foreach (var words in web.Logs.All.Select(entry => entry.Words).Append(health))
        {
            words.ShouldNotContain("s3cret");
            words.ShouldNotContain("l3aked");
            words.ShouldNotContain("hvs.");
        }
    }

    [Fact]
    public void A_service_whose_Vault_is_not_there_ends_with_the_reason_after_bounded_attempts()
    {
        using var silent = new SilentPort();

        var error = Should.Throw<SecretStoreException>(
            () => WebService.Build([$"--Vault:Address={silent.Address}", "--Vault:Token=hvs.s3cret", "--Vault:Attempts=2"]));

        error.Message.ShouldBe(
            $"Vault at {silent.Address.ToString().TrimEnd('/')} cannot be reached (tried 2 times). Without its secrets this service does not start");
        error.ToString().ShouldNotContain("s3cret");
    }

    private static Task IsSoAsync(string what, Func<bool> so) => Eventually.IsSoAsync(what, _ => Task.FromResult(so()), HttpCalls.Cancellation);
}
