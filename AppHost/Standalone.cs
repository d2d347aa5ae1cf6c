// The stand-alone edition: the four services in one process, on one embedded store.
using TicketAspire.AppHost.Standalone;

if (args.Any(arg => arg is "--help" or "-h" or "-?"))
{
    Console.WriteLine(Usage.Text);
    return 0;
}

// Training takes every core for seconds: requests in the same process must not wait for the pool to add threads.
ThreadPool.SetMinThreads(workerThreads: 32, completionPortThreads: 32);

try
{
    var wanted = Dashboard.IsWanted(args, out var folder, out var settings);
    await using var dashboard = wanted ? await Dashboard.StartAsync(folder) : null;
    await using var services = await StandaloneServices.StartAsync([.. settings, .. dashboard?.Settings ?? []]);
    using var stop = new StopSignal();
    services.Print(dashboard?.Page);
    await services.FollowTrainingAsync(stop.Requested);
    Console.WriteLine("Stopping.");
    return 0;
}
catch (StartException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
