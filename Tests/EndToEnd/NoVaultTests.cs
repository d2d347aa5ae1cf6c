using Shouldly;
using TicketAspire.Web;
using Xunit;

namespace TicketAspire.Tests.EndToEnd;

/// <summary>The stand-alone edition has no Vault client.</summary>
public sealed class NoVaultTests
{
    [Fact]
    public void Who_names_a_Vault_is_told_what_to_do_instead()
    {
        var message = Should.Throw<InvalidOperationException>(
            () => WebService.Build(["--Vault:Address=http://localhost:8200", "--Vault:Token=s3cret"])).Message;

        message.ShouldContain("-p:Distributed=true");
        message.ShouldContain("Secrets:Path");
        message.ShouldNotContain("s3cret");
    }
}
