using Shouldly;
using TicketAspire.Storage;
using TicketAspire.Storage.Redis;
using Xunit;

namespace TicketAspire.Tests.Storage.Redis;

public sealed class RedisAddressTests
{
    [Theory]
    [InlineData("localhost", null, "localhost:6379")]
    [InlineData("localhost:7000", null, "localhost:7000")]
    [InlineData("10.0.0.1", null, "10.0.0.1:6379")]
    [InlineData("one:1,two:2,password=secret,ssl=true", null, "one:1, two:2")]
    [InlineData("one, two:2, serviceName = desk", "desk", "one:26379, two:2")]
    [InlineData("one,SERVICENAME=desk,password=secret", "desk", "one:26379")]
    public void A_connection_string_names_servers_or_sentinels(string connectionString, string? service, string words)
    {
        var address = RedisAddress.Parse(connectionString);

        address.Service.ShouldBe(service);
        address.Words.ShouldBe(words);
        address.Options.AbortOnConnectFail.ShouldBeFalse();
    }

    [Fact]
    public void A_password_is_kept_and_not_shown()
    {
        var address = RedisAddress.Parse("desk:6379,password=verysecret");

        address.Options.Password.ShouldBe("verysecret");
        address.Words.ShouldNotContain("secret");
    }

    [Theory]
    [InlineData("password=verysecret")]
    [InlineData("desk:6379,ssl=perhaps,password=verysecret")]
    [InlineData("desk:6379,nonsense=1,password=verysecret")]
    public void What_is_no_connection_string_is_refused_without_repeating_it(string connectionString)
    {
        var error = Should.Throw<StorageException>(() => RedisAddress.Parse(connectionString));

        error.Message.ShouldContain("ConnectionStrings:redis");
        error.Message.ShouldNotContain("secret");
    }
}
