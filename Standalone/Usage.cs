namespace TicketAspire.Standalone;

/// <summary>What <c>--help</c> prints.</summary>
internal static class Usage
{
    public const string Text =
        """
        TicketAspire, stand-alone: Web, Api, Inference and Retrainer in one process, on one SQLite file or a Redis server.
        (dotnet run --project AppHost runs them as processes of their own, with Aspire's dashboard.)

        Usage: dotnet run --project Standalone [-- --KEY VALUE ...]

        The common settings, each also as an environment variable (Ports__Web=3001) and in appsettings.json:
          --Ports:Web 3000                  the pages; 0 takes any free port
          --Ports:Api 5000                  the public API
          --Ports:Inference 6000            the model service
          --Ports:Retrainer 6001            the retrainer: comparisons and health
          --Host localhost                  the address to listen on; * for all
          --Storage:Path data/ticketaspire.db
                                            the database, relative to the current folder
          --redis localhost:6379            a Redis server in its place, which several processes may share
          --elasticsearch http://user:password@localhost:9200
                                            Elasticsearch or OpenSearch, for search, similar tickets and statistics
          --Classifiers:Default tickets     the classifier that POST /predict asks
          --Routing:TargetPrecision 0.95    the precision that automatically routed tickets should have
          --Classifiers:tickets:Threshold 0.8
                                            a fixed confidence threshold in place of the computed one
          --Retraining:After 10             corrections that start a training
          --Retraining:Schedule "0 3 * * *" also train then, if there is anything new (cron, UTC)
          --Drift:Retrain true              also train when what comes in has drifted
          --Retraining:StarterData true     set up the classifiers that come with the system
          --Logging:LogLevel:Default Information

        README.md has the whole table.
        """;
}
