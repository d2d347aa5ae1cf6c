using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;

namespace TicketAspire.Benchmarks.Micro;

/// <summary>Runs the micro-benchmarks with BenchmarkDotNet, in this process: a model is trained once for all of them.</summary>
internal static class MicroBenchmarks
{
    public static int Run(string file, string[] options)
    {
        BenchmarkData.Read(file);
        var config = ManualConfig.Create(DefaultConfig.Instance)
            .AddJob(Job.ShortRun.WithToolchain(InProcessNoEmitToolchain.Instance))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .HideColumns(Column.Job, Column.Toolchain, Column.Error)
            .WithOptions(ConfigOptions.DisableLogFile | ConfigOptions.JoinSummary)
            .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "ticketaspire-benchmarks"));
        var summaries = BenchmarkSwitcher
            .FromTypes([typeof(PredictionBenchmarks), typeof(FeatureBenchmarks), typeof(LoadBenchmarks), typeof(MeasureBenchmarks)])
            .Run(options.Length == 0 ? ["--filter", "*"] : options, config);
        return summaries.Any(summary => summary.HasCriticalValidationErrors) ? 1 : 0;
    }
}
