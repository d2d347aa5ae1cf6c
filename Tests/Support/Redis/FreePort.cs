using System.Net;
using System.Net.Sockets;

namespace TicketAspire.Tests.Support.Redis;

/// <summary>
/// Ports of 127.0.0.1 for programs that are killed and come back at the same place. They lie below those that the kernel gives
/// to outgoing connections (32768 and up): a client that keeps trying to reach a dead server there gets the server's port for
/// its own end sooner or later, is connected to itself, and the server cannot come back.
/// </summary>
internal static class FreePort
{
    private const int First = 20000;
    private const int Count = 12000;

    // Test runs side by side begin at different places.
    private static int _last = Environment.ProcessId * 101 % Count;

    /// <summary>A port at which nobody listens, and that this process was not given before. Somebody else may still take it.</summary>
    public static int Next()
    {
        for (var tried = 0; tried < Count; tried++)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _last) % Count);
            if (IsFree(port))
            {
                return port;
            }
        }

        throw new InvalidOperationException($"No port from {First} to {First + Count - 1} is free.");
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }
}
