using TicketAspire.Retrainer;
using TicketAspire.Retrainer.CommandLine;

if (RetrainerCommandLine.IsAsked(args))
{
    return await RetrainerCommandLine.RunAsync(args, Console.Out, Console.Error, CancellationToken.None);
}

RetrainerService.Build(args).Run();
return 0;
