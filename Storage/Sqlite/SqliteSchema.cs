using Microsoft.Data.Sqlite;

namespace TicketAspire.Storage.Sqlite;

/// <summary>
/// The tables, and how a file written by an earlier version becomes one of this version: <c>PRAGMA user_version</c> counts
/// the scripts that it has had.
/// </summary>
internal static class SqliteSchema
{
    /// <summary>"TkAs": marks a file as this program's (<c>PRAGMA application_id</c>).</summary>
    private const long ApplicationId = 0x546B4173;

    /// <summary>In order. A script that was released is never changed; what follows is appended.</summary>
    private static readonly string[] Scripts = [Tables, FeedbackLoop, Tracing, Operations, TicketLog, TicketFilters, ServiceTimes];

    private const string Tables = """
        PRAGMA application_id = 1416315251;

        CREATE TABLE datasets (
            hash       TEXT PRIMARY KEY,
            examples   INTEGER NOT NULL,
            labels     TEXT NOT NULL,              -- JSON: how many of each label
            created_at INTEGER NOT NULL,           -- all times: Unix milliseconds
            content    BLOB NOT NULL               -- gzip; the hash is of what is in it
        );

        CREATE TABLE classifiers (
            name          TEXT PRIMARY KEY,
            label         TEXT NOT NULL,
            dataset       TEXT NOT NULL REFERENCES datasets (hash),
            feedback_seen INTEGER NOT NULL DEFAULT 0,
            settings      TEXT NOT NULL DEFAULT '{}',
            created_at    INTEGER NOT NULL
        );

        CREATE TABLE tickets (
            key        INTEGER PRIMARY KEY,        -- for the word indexes, which know rows by number
            id         TEXT NOT NULL UNIQUE,
            classifier TEXT NOT NULL REFERENCES classifiers (name),
            text       TEXT NOT NULL,
            prediction TEXT NOT NULL,
            confidence REAL NOT NULL,
            route      TEXT NOT NULL,
            model      INTEGER NOT NULL,
            at         INTEGER NOT NULL,
            label      TEXT
        );
        CREATE INDEX tickets_of_classifier ON tickets (classifier, id);
        CREATE INDEX tickets_of_prediction ON tickets (classifier, prediction, id);
        CREATE INDEX tickets_of_route ON tickets (classifier, route, id);

        -- Two indexes: by stem, so that a word finds its inflections; and by the word as written, for beginnings, which
        -- stems do not have ("certifica" does not begin "certif", the stem of "certificate").
        CREATE VIRTUAL TABLE ticket_stems USING fts5 (
            text, content = 'tickets', content_rowid = 'key',
            tokenize = 'porter unicode61 remove_diacritics 2');
        CREATE VIRTUAL TABLE ticket_words USING fts5 (
            text, content = 'tickets', content_rowid = 'key', prefix = '1 2',
            tokenize = 'unicode61 remove_diacritics 2');
        CREATE TRIGGER ticket_indexed AFTER INSERT ON tickets BEGIN
            INSERT INTO ticket_stems (rowid, text) VALUES (new.key, new.text);
            INSERT INTO ticket_words (rowid, text) VALUES (new.key, new.text);
        END;

        CREATE TABLE feedback (
            id              INTEGER PRIMARY KEY AUTOINCREMENT,
            classifier      TEXT NOT NULL REFERENCES classifiers (name),
            number          INTEGER NOT NULL,      -- from 1 within the classifier: differences count entries
            ticket_id       TEXT,                  -- no reference: feedback is kept whatever becomes of the ticket
            text            TEXT NOT NULL,
            prediction      TEXT,
            label           TEXT NOT NULL,
            who             TEXT,
            at              INTEGER NOT NULL,
            idempotency_key TEXT
        );
        CREATE INDEX feedback_of_classifier ON feedback (classifier, id);
        CREATE UNIQUE INDEX feedback_once ON feedback (classifier, idempotency_key) WHERE idempotency_key IS NOT NULL;

        CREATE TABLE runs (
            id           INTEGER PRIMARY KEY AUTOINCREMENT,
            classifier   TEXT NOT NULL REFERENCES classifiers (name),
            "trigger"    TEXT NOT NULL,
            state        TEXT NOT NULL,
            stage        TEXT,
            progress     REAL NOT NULL DEFAULT 0,
            requested_at INTEGER NOT NULL,
            started_at   INTEGER,
            ended_at     INTEGER,
            model        INTEGER,
            reason       TEXT,
            owner        TEXT,
            lease_until  INTEGER
        );
        CREATE INDEX runs_of_classifier ON runs (classifier, id);
        CREATE UNIQUE INDEX one_queued_run ON runs (classifier) WHERE state = 'queued';
        CREATE UNIQUE INDEX one_running_run ON runs (classifier) WHERE state = 'running';

        CREATE TABLE model_files (
            checksum TEXT PRIMARY KEY,
            content  BLOB NOT NULL
        );

        CREATE TABLE models (
            classifier  TEXT NOT NULL REFERENCES classifiers (name),
            version     INTEGER NOT NULL,
            state       TEXT NOT NULL,
            created_at  INTEGER NOT NULL,
            run         INTEGER NOT NULL REFERENCES runs (id),
            lineage     TEXT NOT NULL,             -- JSON
            size        INTEGER NOT NULL,
            checksum    TEXT NOT NULL REFERENCES model_files (checksum),
            metrics     TEXT NOT NULL,             -- JSON
            reason      TEXT NOT NULL,
            promoted_by TEXT,
            promoted_at INTEGER,
            PRIMARY KEY (classifier, version)
        );
        CREATE UNIQUE INDEX one_champion ON models (classifier) WHERE state = 'champion';

        CREATE TABLE events (
            id   INTEGER PRIMARY KEY AUTOINCREMENT,
            body TEXT NOT NULL                     -- JSON, without the id
        );
        """;

    private const string FeedbackLoop = """
        ALTER TABLE classifiers ADD COLUMN feedback_tried INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE classifiers ADD COLUMN challenger INTEGER;
        ALTER TABLE classifiers ADD COLUMN set_aside TEXT;                            -- ranges of feedback ids: 11-20 31-40
        ALTER TABLE classifiers ADD COLUMN last_version INTEGER NOT NULL DEFAULT 0;   -- versions are not given again
        UPDATE classifiers SET last_version = coalesce((SELECT max(version) FROM models WHERE classifier = name), 0);

        ALTER TABLE runs ADD COLUMN attempt INTEGER NOT NULL DEFAULT 1;
        ALTER TABLE runs ADD COLUMN not_before INTEGER;

        ALTER TABLE models ADD COLUMN decision TEXT;                                  -- JSON
        ALTER TABLE models ADD COLUMN retired_at INTEGER;
        CREATE INDEX models_of_file ON models (checksum);

        CREATE INDEX tickets_for_review ON tickets (classifier, confidence, id) WHERE route = 'review' AND label IS NULL;

        CREATE TABLE training_cache (
            classifier TEXT NOT NULL REFERENCES classifiers (name),
            key        TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            content    BLOB NOT NULL,
            PRIMARY KEY (classifier, key)
        );

        CREATE TABLE shadows (
            classifier        TEXT PRIMARY KEY REFERENCES classifiers (name),
            champion          INTEGER NOT NULL,
            challenger        INTEGER NOT NULL,
            since             INTEGER NOT NULL,
            compared          INTEGER NOT NULL DEFAULT 0,
            agreed            INTEGER NOT NULL DEFAULT 0,
            champion_routed   INTEGER NOT NULL DEFAULT 0,
            challenger_routed INTEGER NOT NULL DEFAULT 0,
            dropped           INTEGER NOT NULL DEFAULT 0
        );

        CREATE TABLE shadow_pairs (
            classifier TEXT NOT NULL REFERENCES shadows (classifier) ON DELETE CASCADE,
            champion   TEXT NOT NULL,
            challenger TEXT NOT NULL,
            count      INTEGER NOT NULL,
            PRIMARY KEY (classifier, champion, challenger)
        );

        CREATE TABLE shadow_differences (
            id                    INTEGER PRIMARY KEY AUTOINCREMENT,
            classifier            TEXT NOT NULL REFERENCES shadows (classifier) ON DELETE CASCADE,
            text                  TEXT NOT NULL,
            champion              TEXT NOT NULL,
            champion_confidence   REAL NOT NULL,
            challenger            TEXT NOT NULL,
            challenger_confidence REAL NOT NULL,
            at                    INTEGER NOT NULL
        );
        CREATE INDEX shadow_differences_of ON shadow_differences (classifier, id);
        """;

    private const string Tracing = """
        ALTER TABLE feedback ADD COLUMN trace TEXT;                                   -- W3C traceparent
        """;

    private const string Operations = """
        CREATE TABLE rollups (
            span   INTEGER NOT NULL,               -- seconds
            at     INTEGER NOT NULL,
            series TEXT NOT NULL,
            tags   TEXT NOT NULL,                  -- JSON: their values
            bucket INTEGER NOT NULL,               -- -1: count and sum of all
            count  INTEGER NOT NULL,
            sum    REAL NOT NULL,
            PRIMARY KEY (span, at, series, tags, bucket)
        ) WITHOUT ROWID;

        CREATE TABLE drift (
            classifier TEXT PRIMARY KEY REFERENCES classifiers (name),
            report     TEXT NOT NULL               -- JSON
        );
        """;

    private const string TicketLog = """
        ALTER TABLE tickets ADD COLUMN who TEXT;                                      -- who gave the label, and when: of the
        ALTER TABLE tickets ADD COLUMN labelled_at INTEGER;                           -- latest feedback, as the label itself
        UPDATE tickets SET who = latest.who, labelled_at = latest.at
            FROM (SELECT ticket_id, classifier, who, at, max(id) FROM feedback WHERE ticket_id IS NOT NULL GROUP BY 1, 2) AS latest
            WHERE tickets.id = latest.ticket_id AND tickets.classifier = latest.classifier AND tickets.label IS NOT NULL;

        -- Listed by time, then by id.
        DROP INDEX tickets_of_classifier;
        DROP INDEX tickets_of_prediction;
        DROP INDEX tickets_of_route;
        CREATE INDEX tickets_in_time ON tickets (at, id);
        CREATE INDEX tickets_of_classifier ON tickets (classifier, at, id);
        CREATE INDEX tickets_of_prediction ON tickets (classifier, prediction, at, id);
        CREATE INDEX tickets_of_route ON tickets (classifier, route, at, id);
        CREATE INDEX tickets_of_label ON tickets (classifier, label, at, id) WHERE label IS NOT NULL;
        """;

    private const string TicketFilters = """
        CREATE INDEX tickets_of_model ON tickets (classifier, model, at, id);
        CREATE INDEX tickets_of_who ON tickets (classifier, who, at, id) WHERE who IS NOT NULL;
        CREATE INDEX tickets_agreed ON tickets (classifier, label = prediction, at, id) WHERE label IS NOT NULL;
        """;

    private const string ServiceTimes = """
        CREATE TABLE service_times (
            id          INTEGER PRIMARY KEY,
            classifier  TEXT NOT NULL REFERENCES classifiers (name),
            version     INTEGER NOT NULL,          -- no reference: the times of deleted versions are kept
            began_at    INTEGER NOT NULL,
            ended_at    INTEGER,                   -- null: it serves
            promoted_by TEXT,
            accuracy    REAL NOT NULL
        );
        CREATE INDEX service_times_of_classifier ON service_times (classifier, began_at);
        CREATE UNIQUE INDEX one_serves ON service_times (classifier) WHERE ended_at IS NULL;

        -- What the models know: the last time of each.
        INSERT INTO service_times (classifier, version, began_at, ended_at, promoted_by, accuracy)
            SELECT classifier, version, promoted_at, CASE state WHEN 'champion' THEN NULL ELSE coalesce(retired_at, promoted_at) END,
                promoted_by, coalesce(metrics ->> '$.accuracy', 0)
            FROM models WHERE promoted_at IS NOT NULL ORDER BY promoted_at, version;
        """;

    /// <summary>Runs the scripts that are missing, each in a transaction; safe when several processes do so at once.</summary>
    /// <param name="connection">A connection that may write.</param>
    /// <param name="path">The file, for messages.</param>
    /// <param name="format">How far; null for the present format. Tests make files of earlier versions.</param>
    /// <exception cref="StorageException">The file is another program's, or a newer version's.</exception>
    public static void Upgrade(SqliteConnection connection, string path, int? format = null)
    {
        while (UpgradeOnce(connection, path, format ?? Scripts.Length))
        {
        }
    }

    private static bool UpgradeOnce(SqliteConnection connection, string path, int format)
    {
        connection.Run("BEGIN IMMEDIATE");
        try
        {
            var version = (int)connection.Number("PRAGMA user_version").GetValueOrDefault();
            var empty = version == 0 && connection.Number("SELECT count(*) FROM sqlite_schema") == 0;
            if (!empty && connection.Number("PRAGMA application_id") != ApplicationId)
            {
                throw new StorageException($"The database '{path}' belongs to another program. Choose another file in Storage:Path.");
            }

            if (version > Scripts.Length)
            {
                throw new StorageException(
                    $"The database '{path}' was written by a newer version of this program (format {version}, known up to {Scripts.Length}). Use that version, or a backup made before.");
            }

            if (version >= format)
            {
                connection.Run("ROLLBACK");
                return false;
            }

            connection.Run(Scripts[version]);
            connection.Run($"PRAGMA user_version = {version + 1}");
            connection.Run("COMMIT");
            return true;
        }
        catch
        {
            if (!connection.IsOutsideTransaction)
            {
                connection.Run("ROLLBACK");
            }

            throw;
        }
    }
}
