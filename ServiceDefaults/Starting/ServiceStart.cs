using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using TicketAspire.ServiceDefaults.Settings;

namespace TicketAspire.ServiceDefaults.Starting;

/// <summary>A service as a program of its own.</summary>
public static class ServiceStart
{
    /// <summary>Runs it until it is stopped.</summary>
    /// <param name="service">Its name: <c>Inference</c>.</param>
    /// <param name="build">Builds it.</param>
    /// <param name="args">The command line, settings and nothing else.</param>
    /// <returns>The exit code: 0 when it was stopped, 1 where it cannot start; why is then one line on standard error.</returns>
    public static async Task<int> RunAsync(string service, Func<string[], WebApplication> build, string[] args)
    {
        ArgumentNullException.ThrowIfNull(build);
        if (args.Any(argument => argument is "--help" or "-h" or "-?"))
        {
            await Console.Out.WriteLineAsync(Usage(service));
            return 0;
        }

        try
        {
            CommandLineCheck.Require(args, KnownSettings.Names);
            await using var app = build(args);
            await app.StartAsync();
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (Exception exception) when (StartProblem.Of(service, exception) is { } problem)
        {
            await Console.Error.WriteLineAsync(problem);
            return 1;
        }
    }

    private static string Usage(string service) =>
        $"""
        TicketAspire's {service} alone, as a process of its own.

        Usage: dotnet run --project {service} [-- --KEY VALUE ...]

        The settings that the services read, each also as an environment variable (Ports__{service}); README.md says what they mean:
          {string.Join("\n  ", KnownSettings.OfPlaces.Concat(KnownSettings.OfServices).Select(setting => $"{setting.Name,-36}{(setting.Form == SettingForm.Text ? string.Empty : setting.Form.Words)}".TrimEnd()))}
        """;
}
