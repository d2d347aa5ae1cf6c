using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Shouldly;
using TicketAspire.ServiceDefaults;
using TicketAspire.ServiceDefaults.Http;
using TicketAspire.Web;
using Xunit;

namespace TicketAspire.Tests.Kubernetes;

/// <summary>What every pod has to be, whatever runs in it.</summary>
public sealed class WorkloadTests
{
    private static readonly string[] Services = ["inference", "retrainer", "api", "web"];
    private static readonly string[] Stores = ["redis", "elasticsearch", "kibana", "logstash"];
    private static readonly string[] Probes = ["startupProbe", "livenessProbe", "readinessProbe"];

    public static TheoryData<string> Overlays => [.. ManifestFolder.Overlays];

    [Theory, MemberData(nameof(Overlays))]
    public async Task All_of_the_system_is_there(string overlay)
    {
        var servers = (await WorkloadsAsync(overlay)).Where(one => one.IsServer).ToArray();

        servers.Select(one => one.Name).ShouldBe([.. Services, .. Stores], ignoreOrder: true);
        servers.Where(one => one.Kind == "StatefulSet").Select(one => one.Name).ShouldBe(["redis", "elasticsearch", "logstash"], ignoreOrder: true);
        servers.Where(one => one.Kind == "StatefulSet").ShouldAllBe(one => one.Body.Items("spec", "volumeClaimTemplates").Length == 1);
    }

    [Theory, MemberData(nameof(Overlays))]
    public async Task No_container_can_be_more_than_its_program(string overlay)
    {
        foreach (var one in await WorkloadsAsync(overlay))
        {
            one.Pod.Text("securityContext", "runAsNonRoot").ShouldBe("true", one.ToString());
            one.Pod.Text("securityContext", "seccompProfile", "type").ShouldBe("RuntimeDefault", one.ToString());
            foreach (var container in one.AllContainers)
            {
                var (name, context) = ($"{one}: {container.Text("name")}", container["securityContext"]);
                int.Parse(context.Text("runAsUser") ?? "0", CultureInfo.InvariantCulture).ShouldBeGreaterThan(0, name);
                context.Text("readOnlyRootFilesystem").ShouldBe("true", name);
                context.Text("allowPrivilegeEscalation").ShouldBe("false", name);
                context.Items("capabilities", "drop").Select(item => item.ToString()).ShouldBe(["ALL"], name);
                context.At("capabilities", "add").ShouldBeNull(name);
            }

            // What programs take for granted.
            one.Container.Items("volumeMounts").ShouldContain(mount => mount.Text("mountPath") == "/tmp", one.ToString());
        }
    }

    [Theory, MemberData(nameof(Overlays))]
    public async Task The_namespace_lets_nothing_else_in(string overlay)
    {
        var labels = (await Rendering.OverlayAsync(overlay)).Single(one => one.Kind == "Namespace").Body.Map("metadata", "labels");

        labels["pod-security.kubernetes.io/enforce"].ShouldBe("restricted");
    }

    [Theory, MemberData(nameof(Overlays))]
    public async Task A_pod_has_an_identity_of_its_own_and_no_token_for_the_API_server(string overlay)
    {
        var objects = await Rendering.OverlayAsync(overlay);
        var accounts = objects.Where(one => one.Kind == "ServiceAccount").ToArray();

        accounts.ShouldAllBe(account => account.Body.Text("automountServiceAccountToken") == "false");
        accounts.Select(account => account.Name).ShouldBe(objects.Where(one => one.IsWorkload).Select(one => one.Name), ignoreOrder: true);
        foreach (var one in objects.Where(one => one.IsWorkload))
        {
            one.Pod.Text("serviceAccountName").ShouldBe(one.Name);
            one.Pod.Text("automountServiceAccountToken").ShouldBe("false", one.ToString());
            one.Pod.Text("enableServiceLinks").ShouldBe("false", one.ToString());
        }
    }

    [Theory, MemberData(nameof(Overlays))]
    public async Task Everything_that_is_mounted_or_read_exists(string overlay)
    {
        var objects = await Rendering.OverlayAsync(overlay);
        var maps = objects.Where(one => one.Kind == "ConfigMap").ToDictionary(one => one.Name);
        foreach (var one in objects.Where(one => one.IsWorkload))
        {
            var volumes = one.Pod.Items("volumes");
            var claims = one.Body.Items("spec", "volumeClaimTemplates").Select(claim => claim.Text("metadata", "name"));
            var mounts = one.AllContainers.SelectMany(container => container.Items("volumeMounts")).ToArray();

            mounts.Select(mount => mount.Text("name")).ShouldBeSubsetOf([.. volumes.Select(volume => volume.Text("name")), .. claims]);
            volumes.Select(volume => volume.Text("configMap", "name")).Concat(
                    one.AllContainers.SelectMany(container => container.Items("envFrom")).Select(source => source.Text("configMapRef", "name")))
                .OfType<string>().ShouldBeSubsetOf(maps.Keys, one.ToString());
            // A file that is mounted by its name.
            foreach (var mount in mounts.Where(mount => mount.Text("subPath") is not null))
            {
                var map = volumes.Single(volume => volume.Text("name") == mount.Text("name")).Text("configMap", "name")!;
                maps[map].Body.Map("data").Keys.ShouldContain(mount.Text("subPath")!, one.ToString());
            }
        }
    }

    [Theory, MemberData(nameof(Overlays))]
    public async Task Every_server_says_how_it_is(string overlay)
    {
        foreach (var one in (await WorkloadsAsync(overlay)).Where(one => one.IsServer))
        {
            var ports = one.Container.Items("ports").Select(port => port.Text("name")).ToArray();
            foreach (var probe in Probes)
            {
                var check = one.Container[probe];
                check.ShouldNotBeNull($"{one}: {probe}");
                if ((check.Text("httpGet", "port") ?? check.Text("tcpSocket", "port")) is { } port)
                {
                    ports.ShouldContain(port, $"{one}: {probe}");
                }
                else
                {
                    check.Items("exec", "command").ShouldNotBeEmpty($"{one}: {probe}");
                }
            }
        }
    }

    [Theory, MemberData(nameof(Overlays))]
    public async Task The_services_are_asked_at_their_own_routes(string overlay)
    {
        foreach (var one in await ServicesAsync(overlay))
        {
            Probes.Select(probe => one.Container.Text(probe, "httpGet", "path")).ShouldBe(["/alive", "/alive", "/ready"], one.ToString());
        }
    }

    [Theory, MemberData(nameof(Overlays))]
    public async Task A_rollout_drops_no_request(string overlay)
    {
        // ServiceDefaults: requests in flight get this long.
        await using var app = WebService.Build(["--urls=http://127.0.0.1:0"]);
        var shutdown = app.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout;

        foreach (var one in await ServicesAsync(overlay))
        {
            var strategy = one.Body["spec"]!["strategy"];
            (strategy.Text("type"), strategy.Text("rollingUpdate", "maxUnavailable")).ShouldBe(("RollingUpdate", "0"), one.ToString());
            strategy.Text("rollingUpdate", "maxSurge").ShouldNotBeNull(one.ToString()).ShouldNotBe("0");
            var wait = Seconds(one.Container.Text("lifecycle", "preStop", "sleep", "seconds"));
            // By then nobody has a connection to it any more.
            wait.ShouldBeGreaterThan(ServiceClients.ConnectionLife, one.ToString());
            Seconds(one.Pod.Text("terminationGracePeriodSeconds")).ShouldBeGreaterThan(wait + shutdown, one.ToString());
            one.Pod.Items("topologySpreadConstraints").ShouldNotBeEmpty(one.ToString());
            one.Pod.Items("topologySpreadConstraints").ShouldAllBe(spread => one.IsSelectedBy(spread["labelSelector"]));
        }
    }

    [Theory, MemberData(nameof(Overlays))]
    public async Task Every_container_asks_for_what_it_needs_and_has_a_limit(string overlay)
    {
        foreach (var one in await WorkloadsAsync(overlay))
        {
            foreach (var container in one.AllContainers)
            {
                container.Map("resources", "requests").Keys.ShouldBe(["cpu", "memory"], ignoreOrder: true, $"{one}: {container.Text("name")}");
                container.Map("resources", "limits").Keys.ShouldBe(["cpu", "memory"], ignoreOrder: true, $"{one}: {container.Text("name")}");
            }
        }
    }

    [Theory, MemberData(nameof(Overlays))]
    public async Task Every_image_has_a_version(string overlay)
    {
        var objects = await WorkloadsAsync(overlay);
        foreach (var image in objects.SelectMany(one => one.AllContainers).Select(container => container.Text("image")!))
        {
            var tag = image[(image.LastIndexOf('/') + 1)..].Split(':');
            tag.Length.ShouldBe(2, image);
            tag[1].ShouldNotBe("latest", image);
            tag[1].ShouldNotBeEmpty(image);
        }

        // The copy of its settings, its import and its server are of one version, and Kibana and Logstash of the same.
        objects.SelectMany(one => one.AllContainers).Select(container => container.Text("image")!)
            .Where(image => image.Contains("elasticsearch", StringComparison.Ordinal) || image.Contains("kibana", StringComparison.Ordinal)
                || image.Contains("logstash", StringComparison.Ordinal))
            .Select(image => image.Split(':')[1]).Distinct().ShouldHaveSingleItem();
    }

    [Theory, MemberData(nameof(Overlays))]
    public async Task Redis_keeps_what_it_acknowledges(string overlay)
    {
        var objects = await Rendering.OverlayAsync(overlay);
        var redis = objects.Single(one => one.IsWorkload && one.Name == "redis");
        var map = redis.Pod.Items("volumes").Select(volume => volume.Text("configMap", "name")).OfType<string>().Single();
        string[] settings = objects.Single(one => one.Kind == "ConfigMap" && one.Name == map).Body.Text("data", "redis.conf")!.Split('\n');

        settings.ShouldContain("appendonly yes");
        settings.ShouldContain("appendfsync always");
        settings.ShouldContain("maxmemory-policy noeviction");
        settings.ShouldContain("include /vault/secrets/redis.conf");
        redis.Container.Items("args").Select(argument => argument.ToString()).ShouldContain("--maxmemory");
    }

    [Theory, MemberData(nameof(Overlays))]
    public async Task Logstash_and_the_import_get_the_files_of_the_app_host(string overlay)
    {
        var objects = await Rendering.OverlayAsync(overlay);
        var appHost = Path.Combine(Path.GetDirectoryName(ManifestFolder.Path)!, "AppHost");

        Data("logstash-pipeline").ShouldBe(new() { ["logstash.conf"] = File("logstash/pipeline/logstash.conf") });
        Data("logstash-config")["logstash.yml"].ShouldBe(File("logstash/config/logstash.yml"));
        Data("kibana-import")["import.sh"].ShouldBe(File("kibana/import.sh"));
        Data("kibana-import")["dashboards.ndjson"].ShouldBe(File("kibana/dashboards.ndjson"));

        string File(string path) => System.IO.File.ReadAllText(Path.Combine(appHost, path));
        Dictionary<string, string> Data(string map) => objects
            .Single(one => one.Kind == "ConfigMap" && one.Name.StartsWith(map + "-", StringComparison.Ordinal)).Body.Map("data");
    }

    [Theory, MemberData(nameof(Overlays))]
    public async Task The_services_listen_where_they_do_at_home(string overlay)
    {
        var objects = await Rendering.OverlayAsync(overlay);
        foreach (var one in await ServicesAsync(overlay))
        {
            var port = DefaultPorts.Of(one.Name).ToString(CultureInfo.InvariantCulture);
            one.Container.Items("ports").Single().Text("containerPort").ShouldBe(port);
            Environment(one)["ASPNETCORE_URLS"].ShouldBe($"http://+:{port}");
            objects.Single(service => service.Kind == "Service" && service.Name == one.Name)
                .Body.Items("spec", "ports").Select(own => own.Text("port")).ShouldBe([port]);
        }

        Dictionary<string, string> Environment(KubernetesObject one) => Variables.Of(one, objects);
    }

    private static TimeSpan Seconds(string? text) => TimeSpan.FromSeconds(int.Parse(text ?? "0", CultureInfo.InvariantCulture));

    private static async Task<KubernetesObject[]> WorkloadsAsync(string overlay) =>
        [.. (await Rendering.OverlayAsync(overlay)).Where(one => one.IsWorkload)];

    private static async Task<KubernetesObject[]> ServicesAsync(string overlay)
    {
        KubernetesObject[] services = [.. (await WorkloadsAsync(overlay)).Where(one => Services.Contains(one.Name))];
        services.Length.ShouldBe(Services.Length);
        return services;
    }
}
