using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Shouldly;
using TicketAspire.Retrainer.CommandLine;
using TicketAspire.Tests.Storage;
using Xunit;

namespace TicketAspire.Tests.Retrainer.CommandLine;

/// <summary>The retrainer's command line on a SQLite file of its own, in this process.</summary>
public sealed class CommandLineSite : IAsyncDisposable
{
    private readonly SqliteSite _site = new();

    /// <summary>The database file; there is none until something is imported.</summary>
    public string Store => _site.File;

    /// <summary>A second pair of eyes on the same file.</summary>
    public IStores Stores => _site.Open();

    /// <summary>Writes a file beside the database.</summary>
    public string Write(string name, string content)
    {
        var path = Place(name);
        File.WriteAllText(path, content);
        return path;
    }

    /// <summary>Where a file beside the database is.</summary>
    public string Place(string name) => Path.Combine(_site.Folder, name);

    /// <summary>Runs a command on the file.</summary>
    public Task<CommandLineResult> RunAsync(params string[] args) => RunAsync(TestContext.Current.CancellationToken, args);

    /// <summary>Runs a command on the file that may be stopped.</summary>
    public async Task<CommandLineResult> RunAsync(CancellationToken cancellation, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await RetrainerCommandLine.RunAsync([.. args, "--storage", Store], output, error, cancellation);
        return new CommandLineResult(code, output.ToString(), error.ToString());
    }

    /// <summary>Runs a command that must succeed, and reads its JSON.</summary>
    public async Task<T> JsonAsync<T>(JsonTypeInfo<T> type, params string[] args)
        where T : class =>
        (await DoneAsync([.. args, "--json"])).Json(type);

    /// <summary>Runs a command that must succeed.</summary>
    public async Task<CommandLineResult> DoneAsync(params string[] args)
    {
        var result = await RunAsync(args);
        result.Code.ShouldBe(0, result.Error);
        return result;
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();
}

/// <summary>What a command came to.</summary>
public sealed record CommandLineResult(int Code, string Output, string Error)
{
    /// <summary>The output as one JSON document.</summary>
    public T Json<T>(JsonTypeInfo<T> type)
        where T : class => JsonSerializer.Deserialize(Output, type).ShouldNotBeNull();
}
