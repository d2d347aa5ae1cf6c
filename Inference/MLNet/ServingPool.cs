using TicketAspire.Classifier.MLNet;

namespace TicketAspire.Inference.MLNet;

/// <summary>
/// The engines that serve one version of an ML.NET model: a pool that comes and goes with the version. Two adapters serve
/// alike: ours, and Microsoft.Extensions.ML's where the build has that package (<c>NuGetOrg=true</c>).
/// </summary>
internal static class ServingPool
{
    /// <summary>As many as threads may ask at once, so that none waits for an engine to be made just after the swap.</summary>
    private static readonly int Ready = Environment.ProcessorCount;

    /// <summary>A filled pool.</summary>
    public static IEnginePool Of(Pipeline pipeline)
    {
#if NUGETORG
        var pool = new PackagePool(pipeline);
#else
        var pool = new OwnPool(pipeline);
#endif
        foreach (var engine in Enumerable.Range(0, Ready).Select(_ => pool.Rent()).ToArray())
        {
            pool.Return(engine);
        }

        return pool;
    }
}
