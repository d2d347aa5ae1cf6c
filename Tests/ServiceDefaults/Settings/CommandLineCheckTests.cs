using Microsoft.Extensions.Configuration;
using Shouldly;
using TicketAspire.ServiceDefaults.Settings;
using Xunit;

namespace TicketAspire.Tests.ServiceDefaults.Settings;

public sealed class CommandLineCheckTests
{
    [Theory]
    [InlineData("")]
    [InlineData("--Ports:Web 3001")]
    [InlineData("--ports:web=3001 --Host *")]
    [InlineData("/Ports:Web 3001 Ports:Api=5001")]
    [InlineData("--Classifiers:servicedesk:Threshold 0.8 --Logging:LogLevel:Default Debug --Cors:Origins:0=http://localhost")]
    [InlineData("--OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4317 --urls=http://localhost:1 --services:api:http:0 http://x")]
    [InlineData("--Retraining:Seed -3")]
    public void What_is_read_is_taken(string line)
    {
        Should.NotThrow(() => Check(line));

        // And it is what configuration makes of it.
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        new ConfigurationBuilder().AddCommandLine(words).Build().AsEnumerable().Where(setting => setting.Value is not null)
            .ShouldAllBe(setting => KnownSettings.Names.Any(name => KnownSettings.IsMeant(name, setting.Key)));
    }

    [Theory]
    [InlineData("--Prots:Web 3001", "No setting is called 'Prots:Web'; 'Ports:Web' is.")]
    [InlineData("--Ports:Wbe=3001", "'Ports:Web' is")]
    [InlineData("--Storage:Pfad x", "No setting is called 'Storage:Pfad'")]
    [InlineData("--Classifiers:tickets:Treshold 0.8", "No setting is called 'Classifiers:tickets:Treshold'")]
    [InlineData("--nonsense", "No setting is called 'nonsense'.")]
    [InlineData("--Ports__Web=3001", "'Ports__Web' is a variable's name: on a command line it is --Ports:Web.")]
    [InlineData("-redis=localhost,password=s3cret", "No setting is called '-redis'")]
    [InlineData("--Ports:Web", "--Ports:Web has no value")]
    [InlineData("--Ports:Web --Host x", "--Ports:Web has no value")]
    [InlineData("--Host localhost s3cret", "Argument 3 belongs to no setting")]
    [InlineData("run", "Argument 1 belongs to no setting")]
    public void What_nobody_reads_is_refused(string line, string said) =>
        Should.Throw<InvalidOperationException>(() => Check(line)).Message.ShouldSatisfyAllConditions(
            message => message.ShouldContain(said), message => message.ShouldNotContain("s3cret"));

    [Fact]
    public void What_is_taken_is_what_configuration_makes_of_it()
    {
        string[] line = ["--Ports:Web", "3001", "/Host", "*", "Drift:Retrain=true"];

        CommandLineCheck.Require(line, KnownSettings.Names);

        new ConfigurationBuilder().AddCommandLine(line).Build().AsEnumerable().Count(setting => setting.Value is not null).ShouldBe(3);
    }

    private static void Check(string line) =>
        CommandLineCheck.Require(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), KnownSettings.Names);
}
