using System.Text.Json;
using Shouldly;
using TicketAspire.ServiceDefaults.Secrets;
using Xunit;

namespace TicketAspire.Tests.ServiceDefaults.Secrets;

public sealed class SecretVersionTests
{
    [Theory]
    [InlineData("""{"ConnectionStrings:redis": "desk"}""", "ConnectionStrings:redis", "desk")]
    [InlineData("""{"ConnectionStrings__redis": "desk"}""", "connectionstrings:REDIS", "desk")]
    [InlineData("""{"ConnectionStrings": {"redis": "desk"}}""", "ConnectionStrings:redis", "desk")]
    [InlineData("""{"ConnectionStrings:redis": "this", "ConnectionStrings__redis": "not this"}""", "ConnectionStrings:redis", "this")]
    [InlineData("""{"Cors__Origins": ["a", "b"]}""", "Cors:Origins:1", "b")]
    [InlineData("""{"Limits:Queue": 5, "on": true}""", "Limits:Queue", "5")]
    [InlineData("""{"Limits:Queue": 5, "on": true}""", "on", "True")]
    [InlineData("""{"nothing": null}""", "nothing", null)]
    public void Each_spelling_of_a_key_is_that_key(string json, string key, string? value) =>
        SecretVersion.From(1, JsonElement.Parse(json)).Values[key].ShouldBe(value);

    [Fact]
    public void What_is_no_object_is_refused_without_quoting_it() =>
        Should.Throw<SecretStoreException>(() => SecretVersion.From(1, JsonElement.Parse("\"s3cret\""))).Message.ShouldNotContain("s3cret");

    [Fact]
    public void It_does_not_print_its_values() =>
        SecretVersion.From(1, JsonElement.Parse("""{"password": "s3cret"}""")).ToString().ShouldNotBeNull().ShouldNotContain("s3cret");
}
