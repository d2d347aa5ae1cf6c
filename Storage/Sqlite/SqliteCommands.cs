using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace TicketAspire.Storage.Sqlite;

/// <summary>The few ways in which the stores speak SQL.</summary>
internal static class SqliteCommands
{
    extension(SqliteConnection connection)
    {
        /// <summary>False inside a transaction; after an error this tells whether SQLite has given the transaction up.</summary>
        public bool IsOutsideTransaction => raw.sqlite3_get_autocommit(connection.Handle) != 0;

        /// <summary>Executes statements.</summary>
        /// <returns>How many rows were inserted, changed or deleted.</returns>
        public int Run(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
        {
            using var command = connection.Prepare(sql, parameters);
            return command.ExecuteNonQuery();
        }

        /// <summary>All rows.</summary>
        public List<T> Query<T>(
            string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<(string Name, object? Value)> parameters)
        {
            using var command = connection.Prepare(sql, parameters);
            using var reader = command.ExecuteReader();
            var rows = new List<T>();
            while (reader.Read())
            {
                rows.Add(row(reader));
            }

            return rows;
        }

        /// <summary>The only row, or null.</summary>
        public T? One<T>(
            string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<(string Name, object? Value)> parameters)
            where T : class
        {
            var rows = connection.Query(sql, row, parameters);
            return rows.Count == 0 ? null : rows[0];
        }

        /// <summary>The number in the first column of the first row, or null if that is null or there is no row.</summary>
        public long? Number(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
        {
            using var command = connection.Prepare(sql, parameters);
            return command.ExecuteScalar() is long number ? number : null;
        }

        /// <summary>True if the query has a row.</summary>
        public bool Any(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
        {
            using var command = connection.Prepare(sql, parameters);
            using var reader = command.ExecuteReader();
            return reader.HasRows;
        }

        private SqliteCommand Prepare(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
        {
            var command = connection.CreateCommand();
            command.CommandText = sql;
            foreach (var (name, value) in parameters)
            {
                command.Parameters.AddWithValue(name, value ?? DBNull.Value);
            }

            return command;
        }
    }
}
