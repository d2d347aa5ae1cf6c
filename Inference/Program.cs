using TicketAspire.Inference;

InferenceService.Build(args).Run();
