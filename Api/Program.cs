using TicketAspire.Api;
using TicketAspire.ServiceDefaults.Starting;

return await ServiceStart.RunAsync("Api", ApiService.Build, args);
