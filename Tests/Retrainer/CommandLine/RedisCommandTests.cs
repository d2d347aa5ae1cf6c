using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Retrainer.CommandLine;
using TicketAspire.Tests.Support;
using TicketAspire.Tests.Support.Redis;
using Xunit;

namespace TicketAspire.Tests.Retrainer.CommandLine;

public sealed class RedisCommandTests : IAsyncDisposable
{
    private readonly CommandLineSite _site = new();

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task Commands_work_on_a_Redis_server_as_on_a_file()
    {
        RedisServer.Require();
        await using var redis = await RedisServer.StartAsync();
        var file = _site.Write("small.csv", SmallClassifier.Csv);

        (await RunAsync(redis.ConnectionString, "import", file, "-c", "desk", "--train")).Code.ShouldBe(0);

        var models = await RunAsync(redis.ConnectionString, "models", "-c", "desk", "--json");
        models.Code.ShouldBe(0, models.Error);
        models.Json(ContractsJson.Default.IReadOnlyListModelInfo).ShouldHaveSingleItem().State.ShouldBe(ModelState.Champion);
        File.Exists(_site.Store).ShouldBeFalse();
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named_in_one_line()
    {
        using var silent = new SilentPort();

        var result = await RunAsync($"{silent.Address.Authority},connectTimeout=200", "models", "-c", "desk");

        result.Code.ShouldBe(ExitCodes.Failed);
        result.Error.ShouldContain($"{silent.Address.Authority}");
        result.Error.Trim().ShouldNotContain('\n');
    }

    private static async Task<CommandLineResult> RunAsync(string redis, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await RetrainerCommandLine.RunAsync([.. args, "--redis", redis], output, error, HttpCalls.Cancellation);
        return new CommandLineResult(code, output.ToString(), error.ToString());
    }
}
