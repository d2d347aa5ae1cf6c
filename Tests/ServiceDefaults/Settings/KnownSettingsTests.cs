using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Shouldly;
using TicketAspire.Retrainer;
using TicketAspire.Retrainer.Drift;
using TicketAspire.ServiceDefaults.Settings;
using TicketAspire.ServiceDefaults.Telemetry.Rollups;
using TicketAspire.Tests.Kubernetes;
using Xunit;

namespace TicketAspire.Tests.ServiceDefaults.Settings;

/// <summary>The list of settings is whole: what the services read, what the README says, and what is known are the same.</summary>
public sealed partial class KnownSettingsTests
{
    public static TheoryData<Type, string> Options => new()
    {
        { typeof(RetrainingOptions), RetrainingOptions.Section },
        { typeof(DriftOptions), DriftOptions.Section },
        { typeof(RollupOptions), RollupOptions.Section },
    };

    [Theory, MemberData(nameof(Options))]
    public void Every_option_is_a_known_setting(Type options, string section)
    {
        foreach (var property in options.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite))
        {
            KnownSettings.OfServices.Find($"{section}:{property.Name}").ShouldNotBeNull($"{section}:{property.Name}");
        }
    }

    [Fact]
    public void The_README_has_every_known_setting_and_no_other()
    {
        var known = KnownSettings.OfPlaces.Concat(KnownSettings.OfServices).Select(setting => setting.Name)
            // Their own pages list these.
            .Where(name => !name.StartsWith("Vault:", StringComparison.Ordinal) && !name.StartsWith("Elasticsearch:", StringComparison.Ordinal))
            .ToArray();
        var said = Said().ToArray();

        said.Where(key => !known.Any(name => KnownSettings.IsMeant(name, key))).ShouldBeEmpty();
        known.Where(name => !said.Any(key => KnownSettings.IsMeant(name, key))).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Retraining:After", "10", "-1", "1.5", "ten")]
    [InlineData("Retraining:KeepModels", "1", "0")]
    [InlineData("Retraining:Threads", "-1", "0", "-2")]
    [InlineData("Limits:RequestBytes", "3000000000", "2 MiB")]
    [InlineData("Limits:Queue", "0", "-1", "many")]
    [InlineData("Retraining:Seed", "-3", "x")]
    [InlineData("Routing:TargetPrecision", "0.95", "1.1", "95 %", "0,95")]
    [InlineData("classifiers:tickets:threshold", "1", "-0.1", "NaN")]
    [InlineData("Drift:Threshold", "2", "-1", "Infinity")]
    [InlineData("Retraining:KeepFormer", "30.00:00:00", "30 days", "-00:00:01")]
    [InlineData("Models:Import", "False", "no")]
    [InlineData("Retraining:Level", "QUICK", "fast")]
    [InlineData("OTEL_SERVICE_NAME", "anything")]
    [InlineData("Nobody:Reads", "this")]
    public void A_value_that_makes_no_sense_is_named_with_what_it_must_be(string key, string good, params string[] bad)
    {
        KnownSettings.Check(Configured(key, good));
        KnownSettings.Check(Configured(key, string.Empty));
        foreach (var value in bad)
        {
            Should.Throw<InvalidOperationException>(() => KnownSettings.Check(Configured(key, value))).Message.ShouldStartWith($"{key} is '{value}'; it must be ");
        }
    }

    private static IConfiguration Configured(string key, string value) =>
        new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build();

    // "`Ports:Web`, `:Api`": a key that begins with a colon goes on in the section of the one before.
    private static IEnumerable<string> Said()
    {
        var readme = File.ReadAllText(Path.Combine(ManifestFolder.Path, "..", "README.md"));
        var table = readme[readme.IndexOf("| key | default | meaning |", StringComparison.Ordinal)..];
        foreach (var row in table[..table.IndexOf("\n\n", StringComparison.Ordinal)].Split('\n').Skip(2))
        {
            var section = string.Empty;
            foreach (Match match in KeyPattern().Matches(row.Split('|')[1]))
            {
                var key = match.Groups["key"].Value.Replace("{name}", "tickets", StringComparison.Ordinal);
                key = key.StartsWith(':') ? section + key : key;
                section = key.Contains(':', StringComparison.Ordinal) ? key[..key.LastIndexOf(':')] : string.Empty;
                if (!key.EndsWith('…') && !key.StartsWith("Vault:", StringComparison.Ordinal) && key is not ("Ports:Dashboard" or "Ports:Kibana"))
                {
                    yield return key;
                }
            }
        }
    }

    [GeneratedRegex("`(?<key>[^`]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex KeyPattern();
}
