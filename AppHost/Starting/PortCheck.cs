using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using TicketAspire.ServiceDefaults.Starting;

namespace TicketAspire.AppHost.Starting;

/// <summary>
/// Whether the ports are free that people are told of. The orchestrator tries a taken one for a minute, in which nothing
/// starts, and then fails without naming it.
/// </summary>
internal static class PortCheck
{
    /// <summary>Refuses to start where one is taken.</summary>
    /// <param name="model">The resources.</param>
    /// <param name="configuration">The app host's.</param>
    /// <exception cref="StartException">One is; the message says which, and how to choose another.</exception>
    public static void RequireFree(DistributedApplicationModel model, IConfiguration configuration)
    {
        // As tests ask for: the orchestrator takes any.
        if (configuration.GetValue("DcpPublisher:RandomizePorts", defaultValue: false))
        {
            return;
        }

        var fixedPorts = model.Resources.SelectMany(resource => resource.Annotations.OfType<EndpointAnnotation>()
            .Where(endpoint => endpoint.Port is > 0)
            .Select(endpoint => (Name: Resources.Services.Title(resource.Name), Port: endpoint.Port!.Value)));
        var taken = new Dictionary<int, string>();
        foreach (var (name, port) in fixedPorts.Append((Name: "Dashboard", Port: Dashboard.Port(configuration))).Where(one => one.Port > 0))
        {
            if (!taken.TryAdd(port, name))
            {
                throw new StartException($"Port {port} is to be that of {taken[port]} and of {name}. Choose another for one: --Ports:{name} {port + 1}");
            }

            if ((Refusal(IPAddress.Loopback, port) ?? (Socket.OSSupportsIPv6 ? Refusal(IPAddress.IPv6Loopback, port) : null)) is { } refusal)
            {
                throw new StartException($"Port {port} ({name}) {refusal}. Choose another: --Ports:{name} {port + 1}");
            }
        }
    }

    // The orchestrator listens on both addresses of localhost.
    private static string? Refusal(IPAddress address, int port)
    {
        using var listener = new TcpListener(address, port);
        try
        {
            listener.Start();
            return null;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode switch
            {
                // Not every machine has every address.
                SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported => null,
                SocketError.AccessDenied => "is not permitted to this user",
                _ => "is in use already",
            };
        }
    }
}
