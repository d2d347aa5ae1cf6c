using TicketAspire.Benchmarks;

// A program, not a test: figures for people. Every command prints what it measured and on what.
return args switch
{
    ["accuracy", "--peers", .. var files] when files.Length > 0 => Accuracy.Run(files, peers: true),
    ["accuracy", .. var files] when files.Length > 0 => Accuracy.Run(files, peers: false),
    ["outofscope", var file, var outside] => OutOfScope.Run(file, outside),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine(
        """
        Usage:
          dotnet run --project Tests/Benchmarks -c Release -- accuracy [--peers] FILE.csv [FILE.csv ...]
              Trains on a stratified 80 % of each file (columns label,text or the like), judges on the other 20 %:
              accuracy, macro-F1, calibration error, coverage at 95 % and 99 % precision, training and prediction time,
              model size. With --peers the same for scikit-learn and fastText, where they are installed (Debian:
              python3-sklearn, fasttext).
          dotnet run --project Tests/Benchmarks -c Release -- outofscope FILE.csv OUTSIDE.csv
              Trains as above on FILE and shows how sure the model is of texts that belong to none of its labels.
        """);
    return 2;
}
