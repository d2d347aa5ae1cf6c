using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using TicketAspire.Tests.Support;

namespace TicketAspire.Tests.Aspire;

/// <summary>The app host's resources, started by the orchestrator on free ports; its store is in a folder of its own.</summary>
internal sealed class RunningApplication : IAsyncDisposable
{
    // Images may be on their way.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private readonly DistributedApplication _application;
    private readonly TemporaryFolder _folder;

    private RunningApplication(DistributedApplication application, TemporaryFolder folder)
    {
        _application = application;
        _folder = folder;
    }

    /// <summary>Starts it and waits until every service is healthy.</summary>
    public static async Task<RunningApplication> StartAsync(params string[] args)
    {
        var folder = new TemporaryFolder();
        var builder = await AspireModel.BuildWithDashboardAsync([$"--Storage:Path={Path.Combine(folder.Path, "test.db")}", .. args]);
        // Containers keep what they have in themselves: the named volumes are those of whoever works on this machine.
        foreach (var resource in builder.Resources)
        {
            foreach (var volume in resource.Annotations.OfType<ContainerMountAnnotation>().Where(mount => mount.Type == ContainerMountType.Volume).ToArray())
            {
                resource.Annotations.Remove(volume);
            }
        }

        var running = new RunningApplication(await builder.BuildAsync(HttpCalls.Cancellation), folder);
        try
        {
            await running._application.StartAsync(HttpCalls.Cancellation);
            foreach (var service in AspireModel.Services)
            {
                await running._application.ResourceNotifications.WaitForResourceHealthyAsync(service, HttpCalls.Cancellation)
                    .WaitAsync(Patience, HttpCalls.Cancellation);
            }

            return running;
        }
        catch
        {
            await running.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until a container is healthy.</summary>
    public Task IsHealthyAsync(string resource) =>
        _application.ResourceNotifications.WaitForResourceHealthyAsync(resource, HttpCalls.Cancellation).WaitAsync(Patience, HttpCalls.Cancellation);

    /// <summary>Waits until a container has done what it is for, and returns its exit code.</summary>
    public async Task<int?> IsDoneAsync(string resource) =>
        (await _application.ResourceNotifications.WaitForResourceAsync(resource, one => one.Snapshot.ExitCode is not null, HttpCalls.Cancellation)
            .WaitAsync(Patience, HttpCalls.Cancellation)).Snapshot.ExitCode;

    /// <summary>Where a store is and how to sign in there, as the services are told.</summary>
    public async Task<string> ConnectionAsync(string resource) =>
        (await _application.GetConnectionStringAsync(resource, HttpCalls.Cancellation))!;

    /// <summary>The files of the embedded store.</summary>
    public IEnumerable<string> Files => Directory.EnumerateFileSystemEntries(_folder.Path);

    /// <summary>The dashboard's page, with what signs a person in; waits until it answers.</summary>
    public async Task<Uri> DashboardAsync()
    {
        var page = await _application.GetDashboardUrlAsync(HttpCalls.Cancellation);
        using var http = new HttpClient();
        await Eventually.IsSoAsync(
            "the dashboard answers",
            async cancellation =>
            {
                try
                {
                    using var answer = await http.GetAsync(page, cancellation);
                    return answer.IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            HttpCalls.Cancellation);
        return page;
    }

    /// <summary>A client of a service.</summary>
    public HttpClient Client(string service) => _application.CreateHttpClient(service, "http");

    /// <summary>Gives a command, as the dashboard does.</summary>
    public async Task<ExecuteCommandResult> CommandAsync(string resource, string command, params (string Name, string Value)[] inputs) =>
        await _application.Services.GetRequiredService<ResourceCommandService>().ExecuteCommandAsync(
            _application.Services.GetRequiredService<DistributedApplicationModel>().Resources.Single(one => one.Name == resource),
            command,
            new InteractionInputCollection([.. inputs.Select(input => new InteractionInput
            {
                Name = input.Name, InputType = InputType.Text, Value = input.Value,
            })]),
            HttpCalls.Cancellation);

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _folder.Dispose();
    }
}
