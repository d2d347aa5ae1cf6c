using System.Net;
using Microsoft.AspNetCore.Http.HttpResults;
using TicketAspire.Web.Components;

namespace TicketAspire.Web;

/// <summary>Turns whatever goes wrong into a page that says so.</summary>
internal static partial class PageErrors
{
    /// <summary>Goes first into the pipeline. Only what is our fault is logged as an error.</summary>
    public static void UsePageErrors(this WebApplication app)
    {
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("TicketAspire.Web.Errors");
        app.Use(async (context, next) =>
        {
            try
            {
                await next(context);
                if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null, ContentType: null })
                {
                    await ShowAsync(context, (HttpStatusCode)context.Response.StatusCode, message: null, waits: false);
                }
            }
            catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
            {
                // The reader is gone: there is nobody to answer.
            }
            catch (ApiException exception) when (!context.Response.HasStarted)
            {
                if (exception.Unreachable)
                {
                    LogUnreachable(logger, exception.InnerException?.Message);
                }

                await ShowAsync(context, exception.Status, exception.Message, waits: true);
            }
            catch (BadHttpRequestException exception) when (!context.Response.HasStarted)
            {
                await ShowAsync(context, (HttpStatusCode)exception.StatusCode, message: null, waits: false);
            }
            catch (Exception exception) when (!context.Response.HasStarted)
            {
                LogUnexpected(logger, context.Request.Method, context.Request.Path, exception);
                await ShowAsync(context, HttpStatusCode.InternalServerError, message: null, waits: false);
            }
        });
    }

    private static async Task ShowAsync(HttpContext context, HttpStatusCode status, string? message, bool waits)
    {
        context.Response.Clear();
        // The failed page has used up the request's renderer.
        await using var scope = context.RequestServices.CreateAsyncScope();
        var services = context.RequestServices;
        context.RequestServices = scope.ServiceProvider;
        try
        {
            var page = new RazorComponentResult<ErrorDocument>(new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(ErrorDocument.Status)] = (int)status,
                [nameof(ErrorDocument.Message)] = message,
                // Repeating a form is the person's decision; a page that only reads may try again by itself.
                [nameof(ErrorDocument.Waits)] = waits
                    && status == HttpStatusCode.ServiceUnavailable
                    && HttpMethods.IsGet(context.Request.Method),
            })
            {
                StatusCode = (int)status,
            };
            await page.ExecuteAsync(context);
        }
        finally
        {
            context.RequestServices = services;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The Api cannot be reached: {Reason}")]
    private static partial void LogUnreachable(ILogger logger, string? reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    private static partial void LogUnexpected(ILogger logger, string method, string path, Exception exception);
}
