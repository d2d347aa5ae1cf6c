using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace TicketAspire.AppHost.Resources;

/// <summary>Where people find a resource: <c>Ports:{name}</c>.</summary>
internal static class ServicePorts
{
    /// <summary>The port of a resource.</summary>
    /// <param name="configuration">The app host's.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="usual">The port where none is configured.</param>
    /// <returns>The port; null for any.</returns>
    /// <exception cref="InvalidOperationException">What is configured is none.</exception>
    public static int? Of(IConfiguration configuration, string name, int usual) =>
        configuration[Key(name)] is not { } configured ? usual
        : Parse(Key(name), configured) is > 0 and var port ? port
        : null;

    /// <summary>Reads a port.</summary>
    /// <exception cref="InvalidOperationException">It is none.</exception>
    public static int Parse(string key, string configured) =>
        ushort.TryParse(configured, CultureInfo.InvariantCulture, out var port)
            ? port
            : throw new InvalidOperationException($"{key} is '{configured}'; a port is a number from 0 to 65535.");

    private static string Key(string name) => $"Ports:{Services.Title(name)}";
}
