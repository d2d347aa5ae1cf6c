namespace TicketAspire.ServiceDefaults;

/// <summary>Where the services listen unless configured otherwise.</summary>
public static class DefaultPorts
{
    /// <summary>The pages.</summary>
    public const int Web = 3000;

    /// <summary>The public backend.</summary>
    public const int Api = 5000;

    /// <summary>The model service.</summary>
    public const int Inference = 6000;

    /// <summary>The retrainer.</summary>
    public const int Retrainer = 6001;

    /// <summary>The port of the service with this name.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such service.</exception>
    public static int Of(string service) => service switch
    {
        "web" => Web,
        "api" => Api,
        "inference" => Inference,
        "retrainer" => Retrainer,
        _ => throw new ArgumentOutOfRangeException(nameof(service), service, "No such service."),
    };
}
