using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace TicketAspire.ServiceDefaults.Secrets;

/// <summary>Where Vault is, and who asks (<c>Vault:…</c>). A class, so that nothing prints what is in it.</summary>
internal sealed class VaultSettings
{
    /// <summary>The key of the address; without it there is no Vault.</summary>
    public const string AddressKey = "Vault:Address";

    private const string Section = "Vault";
    private const string DefaultMount = "secret";
    private const int MostAttempts = 100;

    private VaultSettings(Uri address, VaultSignIn signIn)
    {
        Address = address;
        SignIn = signIn;
    }

    /// <summary>Where it is.</summary>
    public Uri Address { get; }

    /// <summary>How to sign in.</summary>
    public VaultSignIn SignIn { get; }

    /// <summary>Where the KV engine, version 2, is mounted.</summary>
    public required string Mount { get; init; }

    /// <summary>The secret's path in it.</summary>
    public required string Path { get; init; }

    /// <summary>The namespace, of Vault Enterprise and HCP.</summary>
    public string? Namespace { get; init; }

    /// <summary>A PEM file of the certificates to be trusted instead of the machine's.</summary>
    public string? CaFile { get; init; }

    /// <summary>How long Vault may take to answer.</summary>
    public required TimeSpan Patience { get; init; }

    /// <summary>How patiently it is asked.</summary>
    public required SecretTiming Timing { get; init; }

    /// <summary>Reads the settings.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="service">The service's name, as in the secret's path.</param>
    /// <exception cref="InvalidOperationException">One of them makes no sense; the message quotes no secret.</exception>
    public static VaultSettings Read(IConfiguration configuration, string service)
    {
        var section = configuration.GetSection(Section);
        return new VaultSettings(AddressOf(section), VaultSignIn.Read(section))
        {
            Mount = PathOf(section, "Mount", DefaultMount),
            Path = PathOf(section, "Path", $"ticketaspire/{service}"),
            Namespace = NullIfBlank(section["Namespace"]),
            CaFile = NullIfBlank(section["CaFile"]),
            Patience = Time(section, "Timeout", TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5)),
            Timing = new SecretTiming(Time(section, "Every", TimeSpan.FromMinutes(1), TimeSpan.FromDays(1)), Attempts(section)),
        };
    }

    /// <summary>Where Vault is, and nothing else.</summary>
    public override string ToString() => $"Vault at {Address.GetLeftPart(UriPartial.Authority)}";

    /// <summary>The text, or null if there is none.</summary>
    internal static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    /// <summary>A path in Vault, without slashes at its ends.</summary>
    internal static string PathOf(IConfigurationSection section, string key, string otherwise)
    {
        var path = (NullIfBlank(section[key]) ?? otherwise).Trim('/');
        return path.Length > 0 && path.Split('/').All(part => part.Length > 0 && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            ? path
            : throw new InvalidOperationException($"{Section}:{key} must be a path of letters, digits, '-', '_' and '.': ticketaspire/api");
    }

    // Without quoting it: it may hold a password.
    private static Uri AddressOf(IConfigurationSection section) =>
        Uri.TryCreate(section["Address"], UriKind.Absolute, out var address)
            && address.Scheme is "http" or "https" && address is { UserInfo: "", Query: "", AbsolutePath: "/" }
            ? address
            : throw new InvalidOperationException($"{AddressKey} must be an address without path or credentials: https://vault.example.com:8200");

    private static TimeSpan Time(IConfigurationSection section, string key, TimeSpan otherwise, TimeSpan most) =>
        NullIfBlank(section[key]) is not { } text ? otherwise
        : TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) && time >= TimeSpan.FromSeconds(1) && time <= most ? time
        : throw new InvalidOperationException($"{Section}:{key} must be a time from 00:00:01 to {most:c}");

    private static int Attempts(IConfigurationSection section) =>
        NullIfBlank(section["Attempts"]) is not { } text ? 5
        : int.TryParse(text, CultureInfo.InvariantCulture, out var attempts) && attempts is >= 1 and <= MostAttempts ? attempts
        : throw new InvalidOperationException($"{Section}:Attempts must be a number from 1 to {MostAttempts}");
}
