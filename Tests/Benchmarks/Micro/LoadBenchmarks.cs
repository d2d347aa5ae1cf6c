using BenchmarkDotNet.Attributes;
using TicketAspire.Classifier;

namespace TicketAspire.Benchmarks.Micro;

/// <summary>From a file's bytes to a model that can answer, checksum included.</summary>
public class LoadBenchmarks
{
    private byte[] _file = null!;

    /// <summary>The level of the model.</summary>
    [ParamsAllValues]
    public TrainingLevel Level { get; set; }

    /// <summary>Writes the file.</summary>
    [GlobalSetup]
    public void Setup() => _file = ModelFile.Write(BenchmarkData.Model(Level));

    /// <summary>Reads it.</summary>
    [Benchmark]
    public TextClassifier Load() => ModelFile.Read(_file);

    /// <summary>Writes it.</summary>
    [Benchmark]
    public byte[] Write() => ModelFile.Write(BenchmarkData.Model(Level));
}
