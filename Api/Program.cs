using TicketAspire.Api;

ApiService.Build(args).Run();
