namespace TicketAspire.AppHost.Commands;

/// <summary>What commands ask for.</summary>
internal static class CommandInputs
{
    /// <summary>Which classifier.</summary>
    public static InteractionInput Classifier => new()
    {
        Name = "classifier", Label = "Classifier", InputType = InputType.Text, Required = true, Value = "tickets", MaxLength = 64,
    };

    /// <summary>Which version of its model.</summary>
    public static InteractionInput Version => new()
    {
        Name = "version", Label = "Version", InputType = InputType.Number, Required = true, Placeholder = "as on the page Models",
    };

    /// <summary>A CSV on the app host's machine.</summary>
    public static InteractionInput File => new()
    {
        Name = "file", Label = "CSV file", InputType = InputType.Text, Required = true, Placeholder = "/home/me/tickets.csv",
        Description = "A path on this machine. The file has a header; text and label are found by their columns' names.",
    };

    /// <summary>Whether the examples take the place of those that there are.</summary>
    public static InteractionInput Mode => new()
    {
        Name = "mode", Label = "Examples that there are", InputType = InputType.Choice, Required = true, Value = "replace",
        Options = [new("replace", "Replace"), new("append", "Keep, and add these")],
    };

    /// <summary>How many tickets.</summary>
    public static InteractionInput Count => new()
    {
        Name = "count", Label = "Tickets", InputType = InputType.Number, Required = true, Value = "200",
    };
}
