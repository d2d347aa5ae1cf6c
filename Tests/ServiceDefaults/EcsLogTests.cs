using System.Buffers;
using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults;
using TicketAspire.ServiceDefaults.Logging;
using TicketAspire.ServiceDefaults.Telemetry;
using TicketAspire.Tests.Support;
using TicketAspire.Tests.Support.Redis;
using TicketAspire.Tests.Support.Telemetry;
using Xunit;

namespace TicketAspire.Tests.ServiceDefaults;

public sealed class EcsLogTests
{
    private const string Classifier = "logged";

    [Fact]
    public void An_entry_has_the_schemas_fields_nested_on_one_line()
    {
        var entry = Write(new EcsEntry
        {
            At = new DateTimeOffset(2026, 3, 1, 9, 30, 0, TimeSpan.FromHours(1)),
            Level = LogLevel.Error,
            Category = "TicketAspire.Retrainer",
            Event = EcsActions.RetrainingFailed,
            Message = "two\nlines",
            Attributes =
            [
                new("Classifier", "tickets"), new("State", RunState.Failed), new("Trigger", RunTrigger.Feedback), new("Seconds", 1.5),
                new("RunId", 7L), new("Nothing", null), new("{OriginalFormat}", "…"),
            ],
            Exception = new InvalidOperationException("broken"),
            Trace = "0af7651916cd43dd8448eb211c80319c",
        });

        entry.GetProperty("@timestamp").GetString().ShouldBe("2026-03-01T08:30:00Z");
        entry.GetProperty("log").GetProperty("level").GetString().ShouldBe("error");
        entry.GetProperty("message").GetString().ShouldBe("two\nlines");
        entry.GetProperty("service").GetProperty("name").GetString().ShouldBe("retrainer");
        entry.GetProperty("trace").GetProperty("id").GetString().ShouldBe("0af7651916cd43dd8448eb211c80319c");
        entry.TryGetProperty("span", out _).ShouldBeFalse();
        entry.GetProperty("error").GetProperty("type").GetString().ShouldBe("System.InvalidOperationException");
        entry.GetProperty("event").GetRawText().ShouldBe("""{"kind":"event","action":"retraining","outcome":"failure","duration":1500000000}""");
        entry.GetProperty("ticketaspire").GetRawText().ShouldBe(
            """{"classifier":"tickets","run":{"duration":1.5,"outcome":"failed","trigger":"feedback"}}""");
        entry.GetProperty("labels").GetRawText().ShouldBe("""{"run_id":7}""");
    }

    [Fact]
    public async Task A_service_outside_development_prints_json_lines_and_in_development_plain_ones()
    {
        await using var production = await ServiceProcess.StartAsync("Inference");
        await using var development = await ServiceProcess.StartAsync("Inference", "--environment=Development");

        var line = production.Output.Split('\n').First(one => one.Contains("Now listening on", StringComparison.Ordinal));
        JsonElement.Parse(line).GetProperty("service").GetProperty("name").GetString().ShouldBe("inference");
        development.Output.ShouldContain("inference: Now listening on");
    }

    [Fact]
    public async Task Requests_feedback_retraining_and_champions_reach_Logstash_without_any_ticket_text()
    {
        await using var logstash = await LogstashStandIn.StartAsync();
        await using (var system = await RunningSystem.StartSmallAsync(Classifier, $"--Logstash:Url={logstash.Address}"))
        {
            await system.Api.Http.PostAsync(
                $"classifiers/{Classifier}/feedback", new { text = "the plotter jams", prediction = SmallClassifier.Network, true_label = SmallClassifier.Printer }, ContractsJson.Default.FeedbackResponse);
            using var missing = await system.Api.Http.GetAsync("nowhere", HttpCalls.Cancellation);
        }

        var events = logstash.Entries.Where(entry => entry.TryGetProperty("event", out _)).ToLookup(entry => entry.GetProperty("event").GetProperty("action").GetString());
        events[EcsActions.Feedback].ShouldHaveSingleItem().GetProperty("ticketaspire").GetProperty("agreed").GetBoolean().ShouldBeFalse();
        events[EcsActions.Retraining].ShouldHaveSingleItem().GetProperty("ticketaspire").GetProperty("run").GetProperty("outcome").GetString().ShouldBe("promoted");
        events[EcsActions.Champion].ShouldHaveSingleItem().GetProperty("ticketaspire").GetProperty("model").GetInt32().ShouldBe(1);
        var requests = events[EcsActions.Request].ToArray();
        requests.Select(request => request.GetProperty("url").GetProperty("path").GetString()).ShouldContain("/classifiers/{name}/feedback");
        requests.Select(request => request.GetProperty("http").GetProperty("response").GetProperty("status_code").GetInt32()).ShouldContain(404);
        requests.ShouldAllBe(request => request.GetProperty("event").GetProperty("duration").GetInt64() > 0);
        logstash.Entries.ShouldAllBe(entry => !entry.GetRawText().Contains("plotter", StringComparison.Ordinal));
    }

    [Fact]
    public async Task While_Logstash_is_away_entries_wait_and_what_there_is_no_room_for_is_counted()
    {
        await using var logstash = await LogstashStandIn.StartAsync();
        logstash.Status = 503;
        const int Room = 20;
        await using (var system = await RunningSystem.StartEmptyAsync($"--Logstash:Url={logstash.Address}", $"--Logstash:Buffer={Room}"))
        {
            var services = system.Inference.Services;
            var lost = 0L;
            using var listener = new MeterListener
            {
                InstrumentPublished = (instrument, listening) =>
                {
                    if (instrument.Name == Measures.Dropped && instrument.Meter.Scope == services.GetRequiredService<IMeterFactory>())
                    {
                        listening.EnableMeasurementEvents(instrument);
                    }
                },
            };
            listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref lost, count));
            listener.Start();
            var log = services.GetRequiredService<ActivityLog>();
            for (var i = 0; i < 3 * Room; i++)
            {
                log.Feedback("kept", i, agreed: true);
            }

            await Eventually.IsSoAsync("a batch is refused", _ => Task.FromResult(logstash.Refused > 0), HttpCalls.Cancellation);
            lost.ShouldBeInRange(1, 2 * Room);

            logstash.Status = 200;
            await Eventually.IsSoAsync(
                "what waited is delivered",
                _ => Task.FromResult(logstash.Entries.Count(entry => entry.GetRawText().Contains("kept", StringComparison.Ordinal)) == (3 * Room) - lost),
                HttpCalls.Cancellation);
        }
    }

    private static JsonElement Write(EcsEntry entry)
    {
        var output = new ArrayBufferWriter<byte>();
        new EcsDocument(new ServiceIdentity("retrainer")).Write(output, entry);
        var line = Encoding.UTF8.GetString(output.WrittenSpan);
        line.ShouldNotContain('\n');
        return JsonElement.Parse(line);
    }
}
