using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;
using TicketAspire.ServiceDefaults.Errors;

namespace TicketAspire.ServiceDefaults.Http;

/// <summary>
/// Calls another service with patience that ends: a time limit, a few retries where the request cannot have arrived, and
/// a circuit breaker that answers at once while the other side is down.
/// </summary>
internal sealed class ResilienceHandler(ResilienceRegistry registry, string service) : DelegatingHandler
{
    /// <exception cref="BadHttpRequestException">The body that is passed on cannot be read.</exception>
    /// <exception cref="RequestException">503: the service cannot be reached or does not answer in time.</exception>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await registry.For(service, request.TakesLong, request.IsPure).ExecuteAsync(
                static async (state, cancellation) => await state.Handler.SendOnceAsync(state.Request, cancellation),
                (Handler: this, Request: request),
                cancellationToken);
        }
        catch (HttpRequestException exception) when (OfTheSender(exception) is { } fault)
        {
            ExceptionDispatchInfo.Throw(fault);
            throw;
        }
        catch (Exception exception) when (exception is HttpRequestException or BrokenCircuitException or TimeoutRejectedException)
        {
            throw RequestException.Unavailable(
                $"The service at {request.RequestUri?.Authority} cannot be reached at the moment", TimeSpan.FromSeconds(2));
        }
    }

    /// <summary>
    /// What went wrong while the body of our own caller was read to be passed on: it is too long, or the caller is gone. Null if
    /// the other service is at fault.
    /// </summary>
    internal static Exception? OfTheSender(HttpRequestException exception)
    {
        var cause = exception.InnerException;
        while (cause is not (null or BadHttpRequestException or ConnectionResetException))
        {
            cause = cause.InnerException;
        }

        return cause;
    }

    private async Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        try
        {
            return await base.SendAsync(request, cancellation);
        }
        catch (OperationCanceledException error) when (error.InnerException is TimeoutException && !cancellation.IsCancellationRequested)
        {
            // The limit for connecting, as where the other side's machine is gone: .NET has a cancellation for it.
            throw new HttpRequestException(HttpRequestError.ConnectionError, error.Message, error);
        }
    }
}

/// <summary>One pipeline for each called service: its circuit is shared by all who call it. What takes long, and what may be repeated, has its own.</summary>
internal sealed class ResilienceRegistry(TimeProvider time)
{
    private static readonly TimeSpan TotalTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongTime = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan BreakTime = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<(string Service, bool TakesLong, bool IsPure), ResiliencePipeline<HttpResponseMessage>> _pipelines = [];

    public ResiliencePipeline<HttpResponseMessage> For(string service, bool takesLong, bool isPure) =>
        _pipelines.GetOrAdd((service, takesLong, isPure), key => Build(key.TakesLong ? LongTime : TotalTime, key.IsPure));

    private ResiliencePipeline<HttpResponseMessage> Build(TimeSpan totalTime, bool isPure) =>
        new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
            .AddTimeout(totalTime)
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                // Only what cannot have been received is sent again: feedback must not be counted twice.
                ShouldHandle = new PredicateBuilder<HttpResponseMessage>()
                    .Handle<HttpRequestException>(exception => exception.HttpRequestError == HttpRequestError.ConnectionError
                        || (isPure && exception.HttpRequestError == HttpRequestError.ResponseEnded)),
                MaxRetryAttempts = 2,
                Delay = RetryDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
            })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
            {
                ShouldHandle = new PredicateBuilder<HttpResponseMessage>()
                    .Handle<HttpRequestException>(exception => ResilienceHandler.OfTheSender(exception) is null),
                FailureRatio = 0.9,
                MinimumThroughput = 10,
                SamplingDuration = TimeSpan.FromSeconds(2),
                BreakDuration = BreakTime,
            })
            .Build();
}
