using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace TicketAspire.Storage.Elasticsearch;

/// <summary>Where Elasticsearch is and how it is used. Credentials are in here: it is never written to a log.</summary>
public sealed class ElasticsearchOptions
{
    /// <summary>The connection string's name: <c>ConnectionStrings:elasticsearch</c>.</summary>
    public const string ConnectionStringName = "elasticsearch";

    /// <summary>What indices' names begin with unless <c>Elasticsearch:Prefix</c> says otherwise.</summary>
    public const string DefaultPrefix = "ticketaspire";

    /// <summary>Where it is, without credentials.</summary>
    public required Uri Address { get; init; }

    /// <summary>The user, if one is named.</summary>
    public string? User { get; init; }

    /// <summary>The user's password.</summary>
    public string? Password { get; init; }

    /// <summary>An API key in its encoded form; goes before user and password.</summary>
    public string? ApiKey { get; init; }

    /// <summary>A PEM file of the certificates to be trusted instead of the machine's.</summary>
    public string? CaFile { get; init; }

    /// <summary>What indices, templates and policies are called.</summary>
    public string Prefix { get; init; } = DefaultPrefix;

    /// <summary>How long tickets are kept, at least.</summary>
    public TimeSpan KeepFor { get; init; } = TimeSpan.FromDays(365);

    /// <summary>How long a search may take.</summary>
    public TimeSpan SearchPatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long anything else may take.</summary>
    public TimeSpan WritePatience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>All tickets' indices.</summary>
    internal string TicketIndices => $"{Prefix}-tickets-*";

    /// <summary>The name of the tickets' template and policy.</summary>
    internal string TicketTemplate => $"{Prefix}-tickets";

    /// <summary>True if a connection string of Elasticsearch is configured.</summary>
    public static bool Uses(IConfiguration configuration) =>
        !string.IsNullOrWhiteSpace(configuration.GetConnectionString(ConnectionStringName));

    /// <summary>Reads the settings.</summary>
    /// <exception cref="StorageException">One of them makes no sense; the message does not quote secrets.</exception>
    public static ElasticsearchOptions From(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var connection = configuration.GetConnectionString(ConnectionStringName);
        if (!Uri.TryCreate(connection, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps))
        {
            throw new StorageException(
                $"ConnectionStrings:{ConnectionStringName} is not an address: http://host:9200 or https://user:password@host:9200");
        }

        var (user, password) = Credentials(uri);
        return new ElasticsearchOptions
        {
            Address = new UriBuilder(uri) { UserName = string.Empty, Password = string.Empty, Query = string.Empty, Fragment = string.Empty, Path = uri.AbsolutePath.TrimEnd('/') + "/" }.Uri,
            User = user,
            Password = password,
            ApiKey = NullIfBlank(configuration["Elasticsearch:ApiKey"]),
            CaFile = NullIfBlank(configuration["Elasticsearch:CaFile"]),
            Prefix = Name(NullIfBlank(configuration["Elasticsearch:Prefix"]) ?? DefaultPrefix),
            KeepFor = Days(NullIfBlank(configuration["Elasticsearch:KeepFor"])),
        };
    }

    /// <summary>
    /// These, but with another's address and credentials: what may change while a service runs. The rest names what is there
    /// already, or belongs to connections that are open.
    /// </summary>
    internal ElasticsearchOptions WithAccessOf(ElasticsearchOptions other) => new()
    {
        Address = other.Address,
        User = other.User,
        Password = other.Password,
        ApiKey = other.ApiKey,
        CaFile = CaFile,
        Prefix = Prefix,
        KeepFor = KeepFor,
        SearchPatience = SearchPatience,
        WritePatience = WritePatience,
    };

    private static (string? User, string? Password) Credentials(Uri uri)
    {
        var parts = uri.UserInfo.Split(':', 2);
        return uri.UserInfo.Length == 0
            ? (null, null)
            : (Uri.UnescapeDataString(parts[0]), parts.Length == 2 ? Uri.UnescapeDataString(parts[1]) : string.Empty);
    }

    // What an index may be called: elastic.co/guide, "Create index API", path parameters.
    private static string Name(string prefix) =>
        prefix.Length <= 100 && char.IsAsciiLetterLower(prefix[0]) && prefix.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_' or '.')
            ? prefix
            : throw new StorageException("Elasticsearch:Prefix must begin with a small letter, and hold only small letters, digits, '-', '_' and '.'");

    private static TimeSpan Days(string? text) =>
        text is null ? TimeSpan.FromDays(365)
        : TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) && time >= TimeSpan.FromDays(1) && time <= TimeSpan.FromDays(36_500) ? time
        : throw new StorageException("Elasticsearch:KeepFor must be a time of at least a day: 365.00:00:00");

    private static string? NullIfBlank(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}
