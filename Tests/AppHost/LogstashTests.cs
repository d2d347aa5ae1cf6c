using System.Text;
using System.Text.RegularExpressions;
using Shouldly;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.AppHost;

/// <summary>
/// Logstash is not to be had here and is not run. This only looks whether the files hold together and still say what matters; a
/// setting that Logstash does not know, or understands otherwise, is not noticed.
/// </summary>
public sealed partial class LogstashTests
{
    [GeneratedRegex(@"\$\{(?<name>\w+)(:(?<default>[^}]*))?\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Variable { get; }

    [Fact]
    public async Task Braces_brackets_and_quotes_of_the_pipeline_are_balanced()
    {
        var open = new Stack<char>();
        foreach (var character in WithoutTexts(await PipelineAsync()))
        {
            switch (character)
            {
                case '{' or '[':
                    open.Push(character);
                    break;
                case '}' or ']':
                    open.TryPop(out var opened).ShouldBeTrue();
                    opened.ShouldBe(character == '}' ? '{' : '[');
                    break;
                default:
                    character.ShouldNotBe('"');
                    break;
            }
        }

        open.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_input_takes_JSON_lines_at_8080_and_adds_nothing_to_them()
    {
        var http = Block(Block(await PipelineAsync(), "input"), "http");

        Setting(http, "port").ShouldBe("8080");
        Setting(http, "codec").ShouldBe("json_lines");
        Setting(http, "max_content_length").ShouldBe($"{16 << 20}");
        // Else a request of application/json would be one document.
        Setting(http, "additional_codecs").ShouldBe("{}");
        // Else [url][path] would be the input's own, and [http], [user_agent] and [host] more than the document's.
        Setting(http, "ecs_compatibility").ShouldBe("\"disabled\"");
        Setting(http, "request_headers_target_field").ShouldStartWith("\"[@metadata]");
        Setting(http, "remote_host_target_field").ShouldStartWith("\"[@metadata]");
    }

    [Fact]
    public async Task The_filter_changes_no_field_of_the_documents_but_the_level_and_marks_what_is_malformed()
    {
        var filter = Block(await PipelineAsync(), "filter");

        Regex.Matches(filter, @"remove_field => (?<fields>.*)", RegexOptions.ExplicitCapture).Select(match => match.Groups["fields"].Value)
            .ShouldBe(["[ \"@version\" ]"]);
        Setting(filter, "lowercase").ShouldBe("[ \"[log][level]\" ]");
        Setting(filter, "replace").ShouldBe("{ \"[event][kind]\" => \"pipeline_error\" }");
        filter.ShouldContain("\"_jsonparsefailure\" in [tags] or \"_timestampparsefailure\" in [tags]");
    }

    [Fact]
    public async Task The_output_is_the_data_stream_that_template_and_dashboard_are_for()
    {
        var elasticsearch = Block(Block(await PipelineAsync(), "output"), "elasticsearch");

        Setting(elasticsearch, "data_stream").ShouldBe("\"true\"");
        string[] name = [Setting(elasticsearch, "data_stream_type"), Setting(elasticsearch, "data_stream_dataset"), Setting(elasticsearch, "data_stream_namespace")];
        string.Join('-', name.Select(part => part.Trim('"'))).ShouldBe("logs-ticketaspire-default");
        Setting(elasticsearch, "data_stream_auto_routing").ShouldBe("false");
    }

    [Fact]
    public async Task What_differs_from_place_to_place_comes_from_the_environment_and_has_a_default()
    {
        var pipeline = await PipelineAsync();
        var elasticsearch = Block(Block(pipeline, "output"), "elasticsearch");

        Setting(elasticsearch, "hosts").ShouldContain("${ELASTICSEARCH_HOSTS:");
        Setting(elasticsearch, "user").ShouldContain("${ELASTICSEARCH_USERNAME:");
        Setting(elasticsearch, "password").ShouldContain("${ELASTICSEARCH_PASSWORD:");
        Setting(elasticsearch, "ssl_certificate_authorities").ShouldContain("${ELASTICSEARCH_CA:");
        // Logstash does not start without a variable that has no default, and its client fails on an empty password.
        Variable.Matches(pipeline).ShouldAllBe(variable => variable.Groups["default"].Length > 0);
    }

    [Fact]
    public async Task What_came_is_kept_on_disk_within_bounds()
    {
        var settings = (await File.ReadAllLinesAsync(AppHostFiles.LogstashSettings, HttpCalls.Cancellation))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split(": ", 2))
            .ToDictionary(parts => parts[0], parts => parts[1]);

        settings["queue.type"].ShouldBe("persisted");
        settings["queue.max_bytes"].ShouldEndWith("mb");
        settings["dead_letter_queue.enable"].ShouldBe("true");
        settings["dead_letter_queue.max_bytes"].ShouldEndWith("mb");
        settings["pipeline.ecs_compatibility"].ShouldBe("v8");
    }

    [Fact]
    public async Task The_pipeline_that_runs_is_the_file_that_there_is()
    {
        var pipelines = await File.ReadAllTextAsync(AppHostFiles.LogstashPipelines, HttpCalls.Cancellation);

        pipelines.ShouldContain($"path.config: \"/usr/share/logstash/pipeline/{Path.GetFileName(AppHostFiles.LogstashPipeline)}\"");
    }

    // Without its comments, none of which stands behind a setting.
    private static async Task<string> PipelineAsync()
    {
        var lines = await File.ReadAllLinesAsync(AppHostFiles.LogstashPipeline, HttpCalls.Cancellation);
        return string.Join('\n', lines.Where(line => !line.TrimStart().StartsWith('#')));
    }

    private static string WithoutTexts(string pipeline) => Regex.Replace(pipeline, "\"[^\"\n]*\"", "");

    // What is between the braces after the name.
    private static string Block(string within, string name)
    {
        var start = Regex.Match(within, $@"(^|\n)\s*{name} \{{", RegexOptions.ExplicitCapture);
        start.Success.ShouldBeTrue($"no {name} {{ … }}");
        var block = new StringBuilder();
        var depth = 1;
        foreach (var character in within[(start.Index + start.Length)..])
        {
            depth += character switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0)
            {
                return block.ToString();
            }

            block.Append(character);
        }

        throw new InvalidOperationException($"{name} does not end.");
    }

    private static string Setting(string block, string name)
    {
        var found = Regex.Matches(block, $@"(^|\n)\s*{name} => (?<value>.*)", RegexOptions.ExplicitCapture);
        found.Count.ShouldBe(1, name);
        return found[0].Groups["value"].Value.Trim();
    }
}
