using Microsoft.Extensions.Configuration;
using Shouldly;
using TicketAspire.ServiceDefaults.Secrets;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.ServiceDefaults.Secrets;

public sealed class VaultSettingsTests
{
    private const string Address = "http://vault:8200";

    [Fact]
    public void The_path_is_the_services_own_unless_another_is_named()
    {
        var settings = Read("Token=s3cret");

        (settings.Mount, settings.Path, settings.Namespace, settings.CaFile).ShouldBe(("secret", "ticketaspire/api", null, null));
        (settings.Timing, settings.Patience).ShouldBe((new SecretTiming(TimeSpan.FromMinutes(1), 5), TimeSpan.FromSeconds(5)));
        Read("Token=s3cret", "Path=/desk/shared/", "Mount=kv").Path.ShouldBe("desk/shared");
    }

    [Fact]
    public void Each_way_to_sign_in_has_its_settings_and_none_prints_them()
    {
        var settings = new[]
        {
            Read("Token=s3cret"), Read("TokenFile=/run/token"), Read("RoleId=role", "SecretId=s3cret"), Read("RoleId=role", "SecretIdFile=/run/id"),
            Read("KubernetesRole=ticketaspire-api"),
        };

        settings.Select(one => one.SignIn.GetType().Name).ShouldBe(["ByToken", "ByToken", "ByAppRole", "ByAppRole", "ByKubernetes"]);
        settings.ShouldAllBe(one => one.ToString() == "Vault at http://vault:8200");
        ((VaultSignIn.ByToken)settings[0].SignIn).Token.ToString().ShouldBe("Vault:Token");
        ((VaultSignIn.ByToken)settings[1].SignIn).Token.ToString().ShouldBe("Vault:TokenFile '/run/token'");
        ((VaultSignIn.ByKubernetes)settings[4].SignIn).Mount.ShouldBe("kubernetes");
    }

    [Theory]
    [InlineData("exactly one way to sign in")]
    [InlineData("exactly one way to sign in", "Token=s3cret", "KubernetesRole=api")]
    [InlineData("exactly one way to sign in", "SecretId=s3cret")]
    [InlineData("Vault:RoleId and Vault:SecretId", "RoleId=role")]
    [InlineData("Vault:RoleId and Vault:SecretId", "Token=s3cret", "SecretId=s3cret")]
    [InlineData("Vault:Token and Vault:TokenFile", "Token=s3cret", "TokenFile=/run/token")]
    [InlineData("Vault:Address", "Token=s3cret", "Address=https://user:s3cret@vault")]
    [InlineData("Vault:Address", "Token=s3cret", "Address=https://vault/v1")]
    [InlineData("Vault:Address", "Token=s3cret", "Address=vault:8200")]
    [InlineData("Vault:Path", "Token=s3cret", "Path=a//b")]
    [InlineData("Vault:Path", "Token=s3cret", "Path=a?version=1")]
    [InlineData("Vault:Mount", "Token=s3cret", "Mount=/")]
    [InlineData("Vault:Every", "Token=s3cret", "Every=00:00:00.5")]
    [InlineData("Vault:Every", "Token=s3cret", "Every=often")]
    [InlineData("Vault:Timeout", "Token=s3cret", "Timeout=1:00:00")]
    [InlineData("Vault:Attempts", "Token=s3cret", "Attempts=0")]
    public void A_setting_that_makes_no_sense_is_refused_by_name(string words, params string[] settings)
    {
        var message = Should.Throw<InvalidOperationException>(() => Read(settings)).Message;

        message.ShouldContain(words);
        message.ShouldNotContain("s3cret");
    }

    [Fact]
    public async Task A_secret_in_a_file_is_read_each_time_and_its_absence_is_told_by_the_setting()
    {
        var folder = Directory.CreateTempSubdirectory("ticketaspire-").FullName;
        var file = Path.Combine(folder, "token");
        var text = SecretText.InFile("Vault:TokenFile", file);
        try
        {
            (await Should.ThrowAsync<SecretStoreException>(() => text.ReadAsync(HttpCalls.Cancellation))).Message.ShouldBe($"Vault:TokenFile '{file}' cannot be read");
            foreach (var content in new[] { "one\n", "two" })
            {
                await File.WriteAllTextAsync(file, content, HttpCalls.Cancellation);
                (await text.ReadAsync(HttpCalls.Cancellation)).ShouldBe(content.Trim());
            }

            await File.WriteAllTextAsync(file, " ", HttpCalls.Cancellation);
            (await Should.ThrowAsync<SecretStoreException>(() => text.ReadAsync(HttpCalls.Cancellation))).Message.ShouldBe($"Vault:TokenFile '{file}' is empty");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static VaultSettings Read(params string[] settings) => VaultSettings.Read(
        new ConfigurationBuilder()
            .AddInMemoryCollection([new("Vault:Address", Address)])
            .AddCommandLine([.. settings.Select(setting => $"--Vault:{setting}")])
            .Build(),
        "api");
}
