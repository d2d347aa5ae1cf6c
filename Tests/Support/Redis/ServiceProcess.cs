namespace TicketAspire.Tests.Support.Redis;

/// <summary>
/// One of the four services as a process of its own, as a container runs it, on a port of 127.0.0.1. Its current folder is a
/// temporary one.
/// </summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly ListeningProcess _service;

    private ServiceProcess(DirectoryInfo folder, ListeningProcess service)
    {
        _folder = folder;
        _service = service;
        Address = new Uri($"http://127.0.0.1:{service.Port}");
        Http = new HttpClient { BaseAddress = Address, Timeout = Eventually.Limit };
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>A client of it.</summary>
    public HttpClient Http { get; }

    /// <summary>What it has printed since its last start.</summary>
    public string Output => _service.Process.Output;

    /// <summary>Starts a service and waits until it is alive; its model may be still to come.</summary>
    /// <param name="service"><c>Api</c>, <c>Inference</c>, <c>Retrainer</c> or <c>Web</c>.</param>
    /// <param name="args">Its settings, <c>--Key=value</c>.</param>
    public static async Task<ServiceProcess> StartAsync(string service, params string[] args)
    {
        var folder = Directory.CreateTempSubdirectory("ticketaspire-service-");
        try
        {
            // The services' programs are beside the tests.
            string[] command =
            [
                Path.Combine(AppContext.BaseDirectory, $"{service}.dll"),
                "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Information",
                .. args,
            ];
            return new ServiceProcess(folder, await ListeningProcess.StartAsync(
                port => ChildProcess.Start("dotnet", folder.FullName, [.. command, $"--urls=http://127.0.0.1:{port}"]),
                IsReadyAsync));
        }
        catch
        {
            folder.Delete(recursive: true);
            throw;
        }
    }

    /// <summary>SIGSTOP: it still takes connections and requests, and answers none. Its clocks go on.</summary>
    public Task PauseAsync() => _service.Process.PauseAsync();

    /// <summary>SIGCONT, and waits until it answers.</summary>
    public async Task ResumeAsync()
    {
        _service.Process.Resume();
        using var response = await Http.GetAsync("alive", HttpCalls.Cancellation);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>SIGKILL.</summary>
    public Task KillAsync() => _service.Process.KillAsync();

    /// <summary>SIGTERM, as a container is stopped, and waits for its end.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> StopAsync() => _service.Process.StopAsync();

    /// <summary>Starts it again at the same address, killing it first if it runs, and waits until it is alive.</summary>
    public Task RestartAsync() => _service.RestartAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _service.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static async Task<bool> IsReadyAsync(ChildProcess process, int port, CancellationToken cancellation)
    {
        // Its own word that the port is its own, then whether it answers.
        var address = $"http://127.0.0.1:{port}";
        if (!process.Output.Contains($"Now listening on: {address}", StringComparison.Ordinal))
        {
            return false;
        }

        using var http = new HttpClient();
        using var response = await http.GetAsync(new Uri($"{address}/alive"), cancellation);
        return response.IsSuccessStatusCode;
    }
}
