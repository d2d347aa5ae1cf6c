using Shouldly;
using TicketAspire.ServiceDefaults.Telemetry;
using Xunit;

namespace TicketAspire.Tests.ServiceDefaults;

public sealed class MaskingTests
{
    [Theory]
    [InlineData("write to jane.doe+it@mail.example.org please", "write to *** please")]
    [InlineData("jürgen@exämple.de", "***")]
    [InlineData("call +49 (0)89 1234-567 today", "call *** today")]
    [InlineData("my number is 0151/23456789.", "my number is ***.")]
    [InlineData("card 4111 1111 1111 1111 is refused", "card *** is refused")]
    [InlineData("password: hunter2, thanks", "password: ***, thanks")]
    [InlineData("my PIN is 0815 and it fails", "my PIN is *** and it fails")]
    [InlineData("pwd=\"s3cret\"", "pwd=***")]
    [InlineData("{\"password\":\"hunter2\",\"user\":\"jane\"}", "{\"password\":***,\"user\":\"jane\"}")]
    [InlineData("set DB_PASSWORD=hunter2 and client_secret=abc", "set DB_PASSWORD=*** and client_secret=***")]
    [InlineData("password: hun;ter2", "password: ***")]
    [InlineData("password: \"correct horse battery\" works", "password: *** works")]
    [InlineData("Authorization: Bearer abc.def-ghi", "Authorization: Bearer ***")]
    [InlineData("key AKIAIOSFODNN7EXAMPLEKEY1 leaked", "key *** leaked")]
    public void What_is_plainly_somebodys_is_masked(string text, string masked) => Masking.Mask(text).ShouldBe(masked);

    [Theory]
    [InlineData("password reset needed for the sap account")]
    [InlineData("printer on floor 3 in building 12 jams since 9 am")]
    [InlineData("error 0x80070005 in version 10.2")]
    [InlineData("")]
    public void Ordinary_text_stays_as_it_is(string text) => Masking.Mask(text).ShouldBe(text);
}
