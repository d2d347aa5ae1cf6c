namespace TicketAspire.Tests.AppHost;

/// <summary>The files beside the app host that containers are given; read where they are in the source.</summary>
internal static class AppHostFiles
{
    public static string Folder { get; } = Find();

    public static string Dashboards => Path.Combine(Folder, "kibana", "dashboards.ndjson");

    public static string DashboardsProgram => Path.Combine(Folder, "kibana", "dashboards.cs");

    public static string ImportScript => Path.Combine(Folder, "kibana", "import.sh");

    public static string LogsLifecycle => Path.Combine(Folder, "kibana", "logs-lifecycle.json");

    public static string LogsTemplate => Path.Combine(Folder, "kibana", "logs-template.json");

    public static string LogstashPipeline => Path.Combine(Folder, "logstash", "pipeline", "logstash.conf");

    public static string LogstashPipelines => Path.Combine(Folder, "logstash", "config", "pipelines.yml");

    public static string LogstashSettings => Path.Combine(Folder, "logstash", "config", "logstash.yml");

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "TicketAspire.sln")))
            {
                return Path.Combine(folder.FullName, "AppHost");
            }
        }

        throw new InvalidOperationException("The tests do not run within the source.");
    }
}
