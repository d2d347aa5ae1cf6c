using System.CommandLine;
using System.Globalization;

namespace TicketAspire.Retrainer.CommandLine;

/// <summary>Arguments and rules that several commands have.</summary>
internal static class CommandArguments
{
    /// <summary>A model's version.</summary>
    public static Argument<int> Version(string name = "version") => new Argument<int>(name) { Description = "A model's version, as 'models' lists it" };

    /// <summary>Who does it.</summary>
    public static Option<string> By() => new("--by")
    {
        Description = "Who does it, for the history",
        HelpName = "name",
        DefaultValueFactory = _ => Environment.UserName,
    };

    /// <summary>A file to write.</summary>
    public static Option<string?> Output(string description) => new("--output", "-o") { Description = description, HelpName = "file" };

    /// <summary>Refuses smaller numbers.</summary>
    public static Option<T> AtLeast<T>(this Option<T> option, int least)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var number) && number < least)
            {
                result.AddError($"'{option.Name}' is {number}; it must be at least {least}.");
            }
        });
        return option;
    }
}
