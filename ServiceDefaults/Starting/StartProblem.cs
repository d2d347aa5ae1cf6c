using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace TicketAspire.ServiceDefaults.Starting;

/// <summary>What a failed start means to the person at the console.</summary>
public static class StartProblem
{
    /// <summary>One line, or null for what no person could mend by reading it: a fault of the program.</summary>
    /// <param name="service">What cannot start, as the person knows it: <c>Inference</c>.</param>
    /// <param name="exception">What came of it.</param>
    public static string? Of(string service, Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        // Of .NET's messages the first line is the reason, and the others are links.
        return Words(service, exception)?.Split('\n')[0].TrimEnd();
    }

    private static string? Words(string service, Exception exception) =>
        exception switch
        {
            StartException => exception.Message,
            IOException { InnerException: AddressInUseException } => $"{service} cannot listen: {exception.Message} Choose another port: --Ports:{service}",
            _ when Own(exception) is { } own => $"{service} cannot start: {own.Message}",
            SocketException => $"{service} cannot listen: {exception.Message}",
            // A settings file: what is wrong in it is said within.
            InvalidDataException => $"{service} cannot start: {exception.Message} {exception.InnerException?.Message}".TrimEnd(),
            FormatException or InvalidOperationException or IOException or UnauthorizedAccessException or OptionsValidationException =>
                $"{service} cannot start: {exception.Message}",
            _ => null,
        };

    // Exceptions of this repository say what to do. The innermost is nearest to the cause.
    private static Exception? Own(Exception? exception) => exception is null ? null
        : Own(exception.InnerException) ?? (exception.GetType().Namespace?.StartsWith(nameof(TicketAspire), StringComparison.Ordinal) == true ? exception : null);
}
