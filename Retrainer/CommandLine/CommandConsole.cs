using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace TicketAspire.Retrainer.CommandLine;

/// <summary>Where a command writes: its result to the output, as tables or as one JSON document, the rest to the error output.</summary>
internal sealed class CommandConsole(TextWriter output, TextWriter error, bool json)
{
    /// <summary>A table that goes to a file or another program is as wide as it is.</summary>
    private const int Unlimited = 10_000;

    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>True if the result is to be JSON.</summary>
    public bool IsJson => json;

    /// <summary>Receives progress, notes and errors.</summary>
    public TextWriter Error => error;

    /// <summary>True if a person watches the error output.</summary>
    public bool ErrorIsTerminal => ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected;

    private bool OutputIsTerminal => ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected;

    /// <summary>Tells something that is no result.</summary>
    public void Note(string words) => error.WriteLine(OneLine.Of(words));

    /// <summary>Writes one line of a result.</summary>
    public void Line(string words) => output.WriteLine(OneLine.Of(words));

    /// <summary>Writes the result as JSON.</summary>
    public void Json<T>(T value, JsonTypeInfo<T> type)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Readable))
        {
            JsonSerializer.Serialize(writer, value, type);
        }

        output.WriteLine(System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
    }

    /// <summary>Writes a table.</summary>
    /// <param name="columns">The headings; one that begins with <c>#</c> is of numbers, which stand to the right.</param>
    /// <param name="rows">The cells.</param>
    public void Table(string[] columns, IEnumerable<string[]> rows)
    {
        var table = new Table { Border = OutputIsTerminal ? TableBorder.Rounded : TableBorder.None };
        foreach (var column in columns)
        {
            var number = column.StartsWith('#');
            table.AddColumn(new TableColumn(new Text(number ? column[1..] : column)) { Alignment = number ? Justify.Right : Justify.Left, NoWrap = number });
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Text(OneLine.Of(cell))));
        }

        Write(table);
    }

    /// <summary>Writes what is known of one thing, a line for each fact; what is null is left out.</summary>
    public void Facts(params (string Name, string? Value)[] facts)
    {
        var grid = new Grid().AddColumn(new GridColumn { NoWrap = true }).AddColumn();
        foreach (var (name, value) in facts.Where(fact => fact.Value is not null))
        {
            grid.AddRow(new Text(name), new Text(OneLine.Of(value!)));
        }

        Write(grid);
    }

    /// <summary>Lets something write bytes to the output.</summary>
    public async Task<T> BytesAsync<T>(Func<Stream, Task<T>> write)
    {
        if (ReferenceEquals(output, Console.Out))
        {
            // Not through the console's writer, which may be of another encoding.
            await using var bytes = Console.OpenStandardOutput();
            return await write(bytes);
        }

        using var buffer = new MemoryStream();
        var result = await write(buffer);
        await output.WriteAsync(System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
        return result;
    }

    private void Write(Spectre.Console.Rendering.IRenderable what)
    {
        if (OutputIsTerminal)
        {
            AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) }).Write(what);
            return;
        }

        // Spectre fills cells with blanks; a file has no use for them at a line's end.
        using var words = new StringWriter();
        var plain = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(words),
        });
        plain.Profile.Width = Unlimited;
        plain.Write(what);
        foreach (var line in words.ToString().Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0))
        {
            output.WriteLine(line);
        }
    }
}
