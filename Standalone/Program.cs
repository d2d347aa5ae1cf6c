// The four services in one process, on one embedded store.
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
    await using var services = await StandaloneServices.StartAsync(args);
    using var stop = new StopSignal();
    services.Print();
    await services.FollowTrainingAsync(stop.Requested);
    Console.WriteLine("Stopping.");
    return 0;
}
catch (StartException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
