using System.Net;
using System.Net.Sockets;

namespace TicketAspire.Tests.Support;

/// <summary>A port at which nobody listens, and at which nobody else can until it is given up.</summary>
public sealed class SilentPort : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public SilentPort()
    {
        // Bound, but not listening: whoever connects is refused at once.
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Address = new Uri($"http://{_socket.LocalEndPoint}");
    }

    public Uri Address { get; }

    public void Dispose() => _socket.Dispose();
}
