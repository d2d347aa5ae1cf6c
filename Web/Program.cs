using TicketAspire.Web;
using TicketAspire.ServiceDefaults.Starting;

return await ServiceStart.RunAsync("Web", WebService.Build, args);
