using Microsoft.Extensions.Configuration;
using Shouldly;
using TicketAspire.ServiceDefaults.Secrets;
using TicketAspire.Web;
using Xunit;

namespace TicketAspire.Tests.Kubernetes;

public sealed class SecretFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ticketaspire-secrets-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_file_is_a_setting_and_goes_before_others()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "ConnectionStrings__redis"), "redis:6379,password=of a file\n", TestContext.Current.CancellationToken);
        using var configuration = new ConfigurationManager();
        configuration["ConnectionStrings:redis"] = "localhost";
        configuration[SecretFiles.PathKey] = _folder;

        configuration.AddSecretFiles();

        configuration.GetConnectionString("redis").ShouldBe("redis:6379,password=of a file");
    }

    [Fact]
    public void A_folder_that_is_not_there_is_told_at_the_start()
    {
        var missing = Path.Combine(_folder, "missing");

        Should.Throw<InvalidOperationException>(() => WebService.Build([$"--{SecretFiles.PathKey}={missing}"]))
            .Message.ShouldBe($"Secrets:Path is '{missing}'; there is no such folder.");
    }

    [Fact]
    public async Task A_service_takes_its_settings_from_the_folder()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "Ports__Web"), "70000", TestContext.Current.CancellationToken);

        Should.Throw<InvalidOperationException>(() => WebService.Build([$"--{SecretFiles.PathKey}={_folder}"])).Message.ShouldContain("70000");
    }
}
