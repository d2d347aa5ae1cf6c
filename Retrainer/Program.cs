using TicketAspire.Retrainer;
using TicketAspire.Retrainer.CommandLine;
using TicketAspire.ServiceDefaults.Starting;

return RetrainerCommandLine.IsAsked(args)
    ? await RetrainerCommandLine.RunAsync(args, Console.Out, Console.Error, CancellationToken.None)
    : await ServiceStart.RunAsync("Retrainer", RetrainerService.Build, args);
