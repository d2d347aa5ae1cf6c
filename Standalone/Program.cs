// The four services in one process, on one embedded store.
using TicketAspire.ServiceDefaults.Settings;
using TicketAspire.ServiceDefaults.Starting;
using TicketAspire.Standalone;

if (args.Any(arg => arg is "--help" or "-h" or "-?"))
{
    Console.WriteLine(Usage.Text);
    return 0;
}

// Training takes every core for seconds: requests in the same process must not wait for the pool to add threads.
ThreadPool.SetMinThreads(workerThreads: 32, completionPortThreads: 32);

try
{
    CommandLineCheck.Require(
        args,
        [.. KnownSettings.OfPlaces.Concat(KnownSettings.OfServices).Concat(KnownSettings.OfHosting).Select(setting => setting.Name), "redis", "elasticsearch"]);
    await using var services = await StandaloneServices.StartAsync(args);
    using var stop = new StopSignal();
    services.Print();
    await services.FollowTrainingAsync(stop.Requested);
    Console.WriteLine("Stopping.");
    return 0;
}
catch (Exception exception) when (StartProblem.Of("TicketAspire", exception) is { } problem)
{
    Console.Error.WriteLine(problem);
    return 1;
}
