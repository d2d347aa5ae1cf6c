using Microsoft.Extensions.Configuration;

namespace TicketAspire.ServiceDefaults.Settings;

/// <summary>A setting, or several alike.</summary>
/// <param name="Name">
/// Its key. A <c>*</c> stands for one part of it (a classifier's name, a number), <c>**</c> for all that follows. Upper or
/// lower case is the same.
/// </param>
/// <param name="Form">What its value must be like.</param>
public sealed record KnownSetting(string Name, SettingForm Form);

/// <summary>The settings that the services read, as README.md ("Configuration") lists them.</summary>
public static class KnownSettings
{
    /// <summary>Where a service listens and keeps what it has: the hosts that start services decide these themselves.</summary>
    public static readonly IReadOnlyList<KnownSetting> OfPlaces = All(
        SettingForm.Text,
        "Ports:Web", "Ports:Api", "Ports:Inference", "Ports:Retrainer", "Host", "Storage:Path", "services:*:http:*", "services:*:https:*",
        "ConnectionStrings:redis", "ConnectionStrings:elasticsearch");

    /// <summary>What a service does; the hosts pass it on.</summary>
    public static readonly IReadOnlyList<KnownSetting> OfServices =
    [
        .. All(
            SettingForm.Text,
            "Storage:Redis:Prefix",
            "Elasticsearch:Prefix", "Elasticsearch:KeepFor",
            "Classifiers:Default", "Classifiers:*:Engine", "Retraining:Engine", "Retraining:Schedule",
            "Cors:Origins:*", "Logstash:Url", "Logging:**", "OTEL_*",
            "Vault:Address", "Vault:RoleId", "Vault:KubernetesRole", "Vault:AuthMount", "Vault:Mount", "Vault:Path", "Vault:Namespace", "Vault:Every",
            "Vault:Attempts", "Vault:Timeout"),
        .. All(
            SettingForm.File,
            "Elasticsearch:CaFile", "Secrets:Path", "DataProtection:Path", "Vault:TokenFile", "Vault:SecretIdFile", "Vault:KubernetesTokenPath", "Vault:CaFile"),
        .. All(SettingForm.Secret, "Elasticsearch:ApiKey", "Vault:Token", "Vault:SecretId"),
        .. All(
            SettingForm.Count,
            "Retraining:FeedbackLimit", "Retraining:KeepModels", "Drift:Least", "Drift:LeastFeedback", "Limits:TextLength", "Limits:RequestBytes",
            "Limits:Concurrency"),
        .. All(
            SettingForm.CountOrNone,
            "Classifiers:*:RetrainAfter", "Retraining:After", "Retraining:Attempts", "Storage:Redis:Replicas", "Limits:Queue", "Logstash:Buffer"),
        .. All(SettingForm.CountOrAll, "Retraining:Threads"),
        .. All(SettingForm.Whole, "Retraining:Seed"),
        .. All(
            SettingForm.Share,
            "Classifiers:*:Threshold", "Classifiers:*:TargetPrecision", "Routing:TargetPrecision", "Routing:LeastThreshold",
            "Retraining:WorseProbability"),
        // More than 1 of the learned share puts nothing in service by itself.
        .. All(SettingForm.Amount, "Retraining:LearnedShare", "Retraining:CorrectionImportance", "Drift:Threshold"),
        .. All(
            SettingForm.Time,
            "Retraining:Quiet", "Retraining:QuietLongest", "Retraining:RetryAfter", "Retraining:RetryLongest", "Retraining:KeepFormer",
            "Retraining:Lease", "Drift:Window", "Drift:Every", "Operations:FlushEvery"),
        .. All(
            SettingForm.Switch,
            "Classifiers:*:AllowNewLabels", "Retraining:StarterData", "Models:Import", "Drift:Retrain", "Telemetry:TicketText"),
        .. All(SettingForm.OneOf("thorough", "quick"), "Retraining:Level"),
    ];

    /// <summary>Where .NET's hosting listens: a service alone takes it, the hosts decide it themselves.</summary>
    public static readonly IReadOnlyList<KnownSetting> OfListening = All(SettingForm.Text, "urls", "http_ports", "https_ports", "preferHostingUrls");

    /// <summary>What else .NET's hosting and Kestrel read, by the names that Microsoft documents.</summary>
    public static readonly IReadOnlyList<KnownSetting> OfHosting = All(
        SettingForm.Text,
        "environment", "contentRoot", "webroot", "applicationName", "AllowedHosts", "shutdownTimeoutSeconds", "hostBuilder:*", "Kestrel:**", "Metrics:**");

    /// <summary>The names of all of them.</summary>
    public static IEnumerable<string> Names => OfPlaces.Concat(OfServices).Concat(OfListening).Concat(OfHosting).Select(setting => setting.Name);

    /// <summary>The setting that a key is meant by; null for none.</summary>
    /// <param name="settings">Where to look.</param>
    /// <param name="key">A key with colons: <c>Classifiers:tickets:Engine</c>.</param>
    public static KnownSetting? Find(this IEnumerable<KnownSetting> settings, string key) =>
        settings.FirstOrDefault(setting => IsMeant(setting.Name, key));

    /// <summary>Whether a key is meant by a name of the form of <see cref="KnownSetting.Name"/>.</summary>
    public static bool IsMeant(string name, string key)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(key);
        var (parts, given) = (name.Split(':'), key.Split(':'));
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i] == "**")
            {
                return given.Length > i;
            }

            var isMeant = i < given.Length && (parts[i] == "*" ? given[i].Length > 0
                : parts[i].EndsWith('*') ? given[i].StartsWith(parts[i][..^1], StringComparison.OrdinalIgnoreCase)
                : given[i].Equals(parts[i], StringComparison.OrdinalIgnoreCase));
            if (!isMeant)
            {
                return false;
            }
        }

        return parts.Length == given.Length;
    }

    /// <summary>Refuses values that are not what their settings must be: told at the start, not by the first request that needs one.</summary>
    /// <exception cref="InvalidOperationException">One is not; the message names it.</exception>
    public static void Check(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        foreach (var (key, value) in configuration.AsEnumerable())
        {
            if (!string.IsNullOrEmpty(value) && OfServices.Find(key) is { } setting && !setting.Form.Fits(value))
            {
                throw new InvalidOperationException($"{key} is '{value}'; it must be {setting.Form.Words}.");
            }
        }
    }

    private static KnownSetting[] All(SettingForm form, params string[] names) => [.. names.Select(name => new KnownSetting(name, form))];
}
