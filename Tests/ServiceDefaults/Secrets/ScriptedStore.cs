using System.Collections.Concurrent;
using TicketAspire.ServiceDefaults.Secrets;

namespace TicketAspire.Tests.ServiceDefaults.Secrets;

/// <summary>Stands in for Vault, which cannot be started here: it answers each reading as the script says, the last for ever.</summary>
internal sealed class ScriptedStore : ISecretStore
{
    private readonly ConcurrentQueue<Func<SecretVersion>> _script = [];
    private Func<SecretVersion> _last = () => throw new InvalidOperationException("Nothing is scripted");

    public string Words => "Vault at http://vault (secret/ticketaspire/api)";

    public TimeSpan? RenewAfter { get; set; }

    public bool IsDisposed { get; private set; }

    public int Readings { get; private set; }

    public ScriptedStore Gives(int number, params (string Key, string Value)[] values)
    {
        var version = new SecretVersion(number, values.ToDictionary(one => one.Key, string? (one) => one.Value, StringComparer.OrdinalIgnoreCase));
        _script.Enqueue(() => version);
        return this;
    }

    public ScriptedStore IsAway(int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            _script.Enqueue(() => throw new SecretStoreException("Vault at http://vault cannot be reached") { MayPass = true });
        }

        return this;
    }

    public ScriptedStore Refuses()
    {
        _script.Enqueue(() => throw new SecretStoreException("Vault at http://vault refuses the token"));
        return this;
    }

    public Task<SecretVersion> ReadAsync(CancellationToken cancellation)
    {
        Readings++;
        if (_script.TryDequeue(out var next))
        {
            _last = next;
        }

        return Task.FromResult(_last());
    }

    public void Dispose() => IsDisposed = true;
}
