using TicketAspire.Benchmarks;
using TicketAspire.Benchmarks.Micro;

// A program, not a test: figures for people. Every command prints what it measured and on what.
return args switch
{
    ["accuracy", "--peers", .. var files] when files.Length > 0 => Accuracy.Run(files, peers: true),
    ["accuracy", .. var files] when files.Length > 0 => Accuracy.Run(files, peers: false),
    ["growth", var file, .. var sizes] => Growth.Run(file, sizes),
    ["few", .. var files] when files.Length > 0 => FewExamples.Run(files),
    ["outofscope", var file, var outside] => OutOfScope.Run(file, outside),
    ["micro", var file, .. var options] => MicroBenchmarks.Run(file, options),
    [Measurement.Command, .. var rest] => Measurement.Child(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine(
        """
        Usage: dotnet run --project Tests/Benchmarks -c Release -- COMMAND
          accuracy [--peers] FILE.csv [FILE.csv ...]
              Trains on a stratified 80 % of each file (columns label,text or the like), judges on the other 20 %, at both
              levels: accuracy, macro-F1, calibration error, coverage at 95 % and 99 % precision, time and memory of the
              training (reading, features, calibration, evaluation and writing included), prediction, load, size. With
              --peers the same for scikit-learn and fastText, where they are installed (Debian: python3-sklearn, fasttext).
          growth FILE.csv [SIZE ...]
              Training time and memory for 10,000 to 1,000,000 tickets; beyond the file's own, tickets are made of halves
              of two of the same label.
          few FILE.csv [FILE.csv ...]
              Trains on 2, 5, 10, 20, 50 examples of each label.
          outofscope FILE.csv OUTSIDE.csv
              Trains as for accuracy on FILE and shows how sure the model is of texts that belong to none of its labels.
          micro FILE.csv [OPTIONS]
              BenchmarkDotNet: one prediction, its parts, explanation, batch, load. Options are BenchmarkDotNet's
              (--filter '*Load*').
        """);
    return 2;
}
