using TicketAspire.Inference;
using TicketAspire.ServiceDefaults.Starting;

return await ServiceStart.RunAsync("Inference", InferenceService.Build, args);
