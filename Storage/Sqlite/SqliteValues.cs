using Microsoft.Data.Sqlite;

namespace TicketAspire.Storage.Sqlite;

/// <summary>How values stand in columns: times as Unix milliseconds, enumerations as lower-case words.</summary>
internal static class SqliteValues
{
    extension(DateTimeOffset time)
    {
        /// <summary>The time as it comes back from a column: whole milliseconds, UTC.</summary>
        public DateTimeOffset AsStored => DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());
    }

    extension(SqliteDataReader row)
    {
        /// <summary>A time, or null.</summary>
        public DateTimeOffset? TimeOrNull(int column) => row.IsDBNull(column) ? null : row.Time(column);

        /// <summary>A time.</summary>
        public DateTimeOffset Time(int column) => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

        /// <summary>A text, or null.</summary>
        public string? TextOrNull(int column) => row.IsDBNull(column) ? null : row.GetString(column);

        /// <summary>A number, or null.</summary>
        public int? IntOrNull(int column) => row.IsDBNull(column) ? null : row.GetInt32(column);

        /// <summary>An enumeration's member.</summary>
        public T Enum<T>(int column)
            where T : struct, Enum => System.Enum.Parse<T>(row.GetString(column), ignoreCase: true);

        /// <summary>An enumeration's member, or null.</summary>
        public T? EnumOrNull<T>(int column)
            where T : struct, Enum => row.IsDBNull(column) ? null : row.Enum<T>(column);
    }
}
