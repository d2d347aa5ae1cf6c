namespace TicketAspire.AppHost.Starting;

/// <summary>What <c>--help</c> prints.</summary>
internal static class Usage
{
    public const string Text =
        """
        TicketAspire: Web, Api, Inference (twice) and Retrainer as processes of their own under Aspire's dashboard.
        (dotnet run --project Standalone runs them in one process.)

        Usage: dotnet run --project AppHost [-- OPTIONS] [--KEY VALUE ...]

        With Docker or Podman there are Redis, Elasticsearch, Kibana, Logstash and Vault beside them, in containers; without,
        everything is in one SQLite file.
          --no-containers                   no containers, whether an engine answers or not
          --containers                      with containers, or not at all
          --redis localhost:6379            a Redis server that is there
          --elasticsearch http://user:password@localhost:9200
                                            an Elasticsearch server that is there

        The common settings, each also as an environment variable (Ports__Web=3001) and in AppHost/appsettings.json; what
        is of the services is passed on to them:
          --Ports:Web 3000                  the pages; 0 takes any free port
          --Ports:Api 5000                  the public API
          --Ports:Inference 6000            the model service, in front of its two processes
          --Ports:Retrainer 6001            the retrainer: comparisons and health
          --Ports:Dashboard 15230           Aspire's dashboard
          --Ports:Kibana 5601               Kibana, where there are containers
          --Storage:Path data/ticketaspire.db
                                            the database, relative to the repository
          --Classifiers:Default tickets     the classifier that POST /predict asks
          --Routing:TargetPrecision 0.95    the precision that automatically routed tickets should have
          --Retraining:After 10             corrections that start a training
          --Retraining:Schedule "0 3 * * *" also train then, if there is anything new (cron, UTC)
          --Retraining:StarterData true     set up the classifiers that come with the system
          --Drift:Retrain true              also train when what comes in has drifted
          --Logging:LogLevel:Default Information

        To write the deployment manifest (aspire-manifest/README.md):
          dotnet run --project AppHost -- --publisher manifest --output-path ../aspire-manifest/manifest.json

        README.md has the whole table.
        """;
}
