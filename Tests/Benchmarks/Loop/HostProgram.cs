using System.Reflection;
using TicketAspire.Tests.Support;

namespace TicketAspire.Benchmarks.Loop;

/// <summary>A program that starts all services; built with this one, but no part of it.</summary>
/// <param name="Name">Its project.</param>
/// <param name="FreePorts">What makes it take free ports.</param>
internal sealed record HostProgram(string Name, string[] FreePorts)
{
    /// <summary>All in one process.</summary>
    public static readonly HostProgram Standalone = new("Standalone", HostOutput.FreePorts);

    /// <summary>Each a process of its own, under Aspire.</summary>
    public static readonly HostProgram AppHost = new("AppHost", [.. HostOutput.FreePorts, "--Ports:Dashboard=0", "--no-containers"]);

    /// <summary>Where the build has put it.</summary>
    public string Assembly { get; } =
        System.Reflection.Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(data => data.Key == Name)?.Value
        ?? throw new HostException($"This build does not say where {Name} is.");
}
