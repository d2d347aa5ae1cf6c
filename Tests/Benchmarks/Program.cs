using System.Globalization;
using TicketAspire.Benchmarks;
using TicketAspire.Benchmarks.Loop;
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
    ["loop"] => await LoopTime.RunAsync(file: null),
    ["loop", var file] => await LoopTime.RunAsync(file),
    ["swaps"] => await Swaps.RunAsync(file: null),
    ["swaps", var file] => await Swaps.RunAsync(file),
    ["crashes"] => await Crashes.RunAsync(kills: 50),
    ["crashes", "--kills", var kills] => await Crashes.RunAsync(int.Parse(kills, CultureInfo.InvariantCulture)),
    ["outages", .. var options] => await Outages.RunAsync(options),
    [LogStandIn.Command] => await LogStandIn.ServeAsync(),
    ["start"] => await Starts.RunAsync(rounds: 3),
    ["start", "--rounds", var rounds] => await Starts.RunAsync(int.Parse(rounds, CultureInfo.InvariantCulture)),
    ["feedback", .. var options] => await FeedbackGrowth.RunAsync(options),
    ["search", .. var options] => await Searching.RunAsync(options),
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
              levels and with ML.NET: accuracy, macro-F1, calibration error, coverage at 95 % and 99 % precision, time and memory of the
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
              BenchmarkDotNet: one prediction, its parts, explanation, batch, load, what measuring costs. Options are BenchmarkDotNet's
              (--filter '*Load*').
          search [--tickets 100000] [FILE.csv]
              Searches, similar tickets and statistics among so many tickets in SQLite: p50, p95. Ends with 1 if a search
              takes 50 ms or more at p95. The texts are the starter data's or a file's, and halves of two of the same label.

          start [--rounds 3]
              How long the app host (without containers) and the stand-alone host take to start and to stop, and what all their
              processes hold in memory. Add -c Debug in place of -c Release to measure what a plain `dotnet run` starts.

        These start the stand-alone host as a process of its own and end with 1 if one of its promises is broken:
          loop [FILE.csv]
              Seconds from the tenth correction to the new champion answering, three times, with the stages of each run; on
              the starter data's tickets or a file.
          swaps [FILE.csv]
              20 and another 20 changes of the champion under load: failures, answers of no one model, times with and
              without, memory.
          crashes [--kills 50]
              Kills the host (SIGKILL) at random moments while feedback comes in and models are trained: what was
              acknowledged must be there, once, and the champion must answer in every life.
          outages [--rounds 7] [--rate 300]
              Elasticsearch (a stand-in, a process of its own) down, down with a full buffer, slow, hanging, too busy, and
              back, between times in which it is well, under a steady load of predictions: failures, times, what waits,
              what is dropped, memory; at the end every ticket must be there or counted as dropped. Two and a half minutes;
              up to five rounds where a p99 is more than 1.2 times that beside it.
          feedback [--redis HOST:PORT] [SIZE ...]
              Start, use and training with 10,000, 100,000 and 1,000,000 corrections in the store: a SQLite file, or a Redis
              server (keys of its own, deleted at the end).
        """);
    return 2;
}
