namespace TicketAspire.Contracts;

/// <summary>What <c>GET /health</c> answers.</summary>
/// <param name="Status"><c>ok</c>, <c>degraded</c> (works, with less), or <c>unavailable</c> (with status 503).</param>
/// <param name="Reasons">What is not well, by check; absent when all is.</param>
public sealed record HealthResponse(string Status, IReadOnlyDictionary<string, string>? Reasons = null);
