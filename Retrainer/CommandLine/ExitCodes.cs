namespace TicketAspire.Retrainer.CommandLine;

/// <summary>What a script learns from a command's end.</summary>
internal static class ExitCodes
{
    /// <summary>It is done; of a training: the model serves.</summary>
    public const int Done = 0;

    /// <summary>It failed; the error output says why.</summary>
    public const int Failed = 1;

    /// <summary>The command line cannot be understood.</summary>
    public const int WrongUsage = 2;

    /// <summary>A model was trained and not put in service, because it is not good enough.</summary>
    public const int Rejected = 3;

    /// <summary>Ctrl+C, as shells have it.</summary>
    public const int Stopped = 130;
}
