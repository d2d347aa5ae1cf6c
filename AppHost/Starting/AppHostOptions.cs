using Microsoft.Extensions.Configuration;
using TicketAspire.AppHost.Resources;
using TicketAspire.ServiceDefaults.Settings;
using TicketAspire.ServiceDefaults.Starting;

namespace TicketAspire.AppHost.Starting;

/// <summary>What the command line asks of the app host.</summary>
/// <param name="Containers">True to run containers, false not to; null does where an engine answers.</param>
/// <param name="Settings">The settings on the command line, each with its value.</param>
internal sealed record AppHostOptions(bool? Containers, string[] Settings)
{
    private const string WithContainers = "--containers";
    private const string WithoutContainers = "--no-containers";

    /// <summary>What the app host itself reads, beside what it passes on; and what Aspire does. It keeps to this machine: no Host, no urls.</summary>
    private static readonly string[] Own =
    [
        "Ports:Web", "Ports:Api", "Ports:Inference", "Ports:Retrainer", "Ports:Dashboard", "Ports:Kibana", "Storage:Path",
        "ConnectionStrings:redis", "ConnectionStrings:elasticsearch", .. Servers.Names,
        "environment", "AppHost:**", "DcpPublisher:**", "Parameters:**", "ASPIRE_*", "dcp-*", "log-level",
    ];

    /// <summary>Reads the command line.</summary>
    /// <exception cref="StartException">Its switches contradict each other.</exception>
    /// <exception cref="InvalidOperationException">There is a setting that nobody reads, or one without a value.</exception>
    public static AppHostOptions Read(string[] args)
    {
        // A switch without a value would take the next argument for one.
        string[] settings = [.. args.Where(argument => argument is not (WithContainers or WithoutContainers))];
        // What publishing takes is Aspire's to know.
        if (!Array.Exists(settings, argument => argument.Split('=')[0] is "--operation" or "--publisher"))
        {
            CommandLineCheck.Require(settings, [.. KnownSettings.OfServices.Select(setting => setting.Name), .. Own]);
        }

        var configuration = new ConfigurationBuilder().AddCommandLine(settings).Build();
        var connectionStrings = Servers.Names.Where(server => configuration[server] is { Length: > 0 })
            .Select(server => $"--{ConfigurationPath.Combine("ConnectionStrings", server)}={configuration[server]}");
        return new AppHostOptions(
            (args.Contains(WithContainers), args.Contains(WithoutContainers)) switch
            {
                (true, true) => throw new StartException($"{WithContainers} and {WithoutContainers} contradict each other"),
                (true, _) => true,
                (_, true) => false,
                _ => null,
            },
            [.. settings, .. connectionStrings]);
    }
}
