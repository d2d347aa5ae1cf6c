using TicketAspire.Web;

WebService.Build(args).Run();
