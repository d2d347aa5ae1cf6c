using System.Text.Json;
using Microsoft.Data.Sqlite;
using TicketAspire.Contracts;

namespace TicketAspire.Storage.Sqlite;

/// <summary>Drift reports in SQLite: a row for each classifier.</summary>
public sealed class SqliteDriftStore(SqliteDatabase database) : IDriftStore
{
    /// <inheritdoc/>
    public Task<DriftReport?> FindAsync(string classifier, CancellationToken cancellation) =>
        database.ReadAsync(connection => Find(connection, classifier), cancellation);

    /// <inheritdoc/>
    public Task<bool> SaveAsync(DriftReport report, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(report);
        return database.WriteAsync(connection => Save(connection, report), cancellation);
    }

    private static DriftReport? Find(SqliteConnection connection, string classifier) =>
        connection.One(
            "SELECT report FROM drift WHERE classifier = $classifier",
            row => JsonSerializer.Deserialize(row.GetString(0), ContractsJson.Default.DriftReport)!,
            ("$classifier", classifier));

    private static bool Save(SqliteConnection connection, DriftReport report)
    {
        if (!connection.Any("SELECT 1 FROM classifiers WHERE name = $name", ("$name", report.Classifier)))
        {
            throw new KeyNotFoundException($"There is no classifier '{report.Classifier}'.");
        }

        var before = Find(connection, report.Classifier);
        if (before?.At > report.At)
        {
            return false;
        }

        connection.Run(
            "INSERT OR REPLACE INTO drift (classifier, report) VALUES ($classifier, $report)",
            ("$classifier", report.Classifier), ("$report", JsonSerializer.Serialize(report, ContractsJson.Default.DriftReport)));
        if ((before?.State == DriftState.Drifted) == (report.State == DriftState.Drifted))
        {
            return false;
        }

        SqliteEvents.Append(
            connection,
            new ServiceEvent
            {
                Type = EventTypes.Drift, Classifier = report.Classifier, At = report.At.AsStored, Model = report.Model, Drift = report.State,
            });
        return true;
    }
}
