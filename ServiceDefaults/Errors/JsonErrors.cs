using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace TicketAspire.ServiceDefaults.Errors;

/// <summary>Turns whatever goes wrong in a request into an <see cref="ErrorResponse"/>.</summary>
public static partial class JsonErrors
{
    /// <summary>
    /// Answers <see cref="RequestException"/>, malformed requests and empty 4xx answers of the framework (unknown route,
    /// wrong method) in the same format, and anything else with 500 and a log entry. Goes first into the pipeline.
    /// </summary>
    /// <param name="app">The service.</param>
    /// <param name="translate">Knows the service's own exceptions; null for those it does not know.</param>
    public static WebApplication UseJsonErrors(this WebApplication app, Func<Exception, RequestException?>? translate = null)
    {
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("TicketAspire.Errors");
        app.Use(async (context, next) =>
        {
            try
            {
                await next(context);
                if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null, ContentType: null })
                {
                    await ErrorResponse.WriteAsync(
                        context, new RequestException(context.Response.StatusCode, Words(context)), context.RequestAborted);
                }
            }
            catch (Exception exception) when (AsRequestException(translate?.Invoke(exception) ?? exception, context, logger) is { } known)
            {
                await ErrorResponse.WriteAsync(context, known, context.RequestAborted);
            }
            catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
            {
                // The sender is gone: there is nobody to answer.
            }
        });
        return app;
    }

    private static string Words(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => $"There is nothing at {context.Request.Path}",
        StatusCodes.Status405MethodNotAllowed => $"{context.Request.Method} is not offered at {context.Request.Path}",
        StatusCodes.Status415UnsupportedMediaType => "This content type is not understood here",
        var status => $"The request was refused with status {status}",
    };

    private static RequestException? AsRequestException(Exception exception, HttpContext context, ILogger logger)
    {
        switch (exception)
        {
            case RequestException known:
                return known;
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return RequestException.TooLarge("The request is too large");
            case BadHttpRequestException bad:
                // Its message names the parameter, or what is wrong with the request's form.
                return new RequestException(bad.StatusCode, bad.Message);
            case OperationCanceledException when context.RequestAborted.IsCancellationRequested:
            case IOException { InnerException: SocketException } when context.RequestAborted.IsCancellationRequested:
                return null;
            default:
                // The exception's message may quote the request: the type and the stack are enough to find the fault.
                LogUnexpected(logger, context.Request.Method, context.Request.Path, exception.GetType().FullName, exception.StackTrace);
                return new RequestException(StatusCodes.Status500InternalServerError, "Something went wrong on our side");
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed: {Exception} {Stack}")]
    private static partial void LogUnexpected(ILogger logger, string method, string path, string? exception, string? stack);
}
