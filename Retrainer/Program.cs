using TicketAspire.Retrainer;

RetrainerService.Build(args).Run();
