namespace TicketAspire.ServiceDefaults.Secrets;

/// <summary>A secret that is given in the settings, or as a file that is read each time it is needed, as it may be replaced.</summary>
internal sealed class SecretText
{
    private readonly string? _value;
    private readonly string? _file;
    private readonly string _key;

    private SecretText(string key, string? value, string? file)
    {
        _key = key;
        _value = value;
        _file = file;
    }

    /// <summary>One that is in the settings.</summary>
    public static SecretText Of(string key, string value) => new(key, value, null);

    /// <summary>One that is in a file, which need not be there yet.</summary>
    /// <param name="key">The key that names the file.</param>
    /// <param name="file">Its path.</param>
    public static SecretText InFile(string key, string file) => new(key, null, file);

    /// <summary>The secret.</summary>
    /// <exception cref="SecretStoreException">The file cannot be read, or is empty.</exception>
    public async Task<string> ReadAsync(CancellationToken cancellation)
    {
        if (_value is not null)
        {
            return _value;
        }

        string text;
        try
        {
            text = (await File.ReadAllTextAsync(_file!, cancellation)).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SecretStoreException($"{_key} '{_file}' cannot be read", error) { MayPass = true };
        }

        return text.Length > 0 ? text : throw new SecretStoreException($"{_key} '{_file}' is empty") { MayPass = true };
    }

    /// <summary>Where it is, not what.</summary>
    public override string ToString() => _file is null ? _key : $"{_key} '{_file}'";
}
