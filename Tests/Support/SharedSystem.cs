using TicketAspire.Tests.Support;
using Xunit;

[assembly: AssemblyFixture(typeof(SharedSystem))]

namespace TicketAspire.Tests.Support;

/// <summary>
/// One trained system for all tests that leave it as it is, apart from tickets and feedback, which they must tell from
/// others'. Started by the first test that asks for it. Feedback starts no run here.
/// </summary>
public sealed class SharedSystem : IAsyncDisposable
{
    private readonly Lazy<Task<RunningSystem>> _system =
        new(() => Task.Run(() => RunningSystem.StartWithStarterDataAsync("--Retraining:After=1000000")));

    /// <summary>The system, once it is ready.</summary>
    public Task<RunningSystem> GetAsync() => _system.Value;

    public async ValueTask DisposeAsync()
    {
        if (_system.IsValueCreated)
        {
            await (await _system.Value).DisposeAsync();
        }
    }
}
