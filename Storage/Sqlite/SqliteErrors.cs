using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace TicketAspire.Storage.Sqlite;

/// <summary>What SQLite's errors mean to an operator.</summary>
internal static class SqliteErrors
{
    extension(SqliteException error)
    {
        /// <summary>True if a row refers to one that does not exist.</summary>
        public bool IsForeignKeyViolation => error.SqliteExtendedErrorCode == raw.SQLITE_CONSTRAINT_FOREIGNKEY;

        /// <summary>The same error in words that say what to look at.</summary>
        public StorageException AsStorageException(string path)
        {
            var what = error.SqliteErrorCode switch
            {
                raw.SQLITE_NOTADB => "is not a database. Choose another file in Storage:Path",
                raw.SQLITE_CORRUPT => "is damaged. Restore it from a backup",
                raw.SQLITE_CANTOPEN => "cannot be opened. Check Storage:Path and its permissions",
                raw.SQLITE_READONLY or raw.SQLITE_PERM => "cannot be written. Check its owner and permissions, and its folder's",
                raw.SQLITE_FULL => "cannot grow: the disk is full",
                raw.SQLITE_BUSY or raw.SQLITE_LOCKED => "is kept locked by another program",
                raw.SQLITE_IOERR => "cannot be read or written: the disk reports an error",
                _ => "could not do what was asked",
            };
            return new StorageException($"The database '{path}' {what}. {error.Message}", error)
            {
                IsFull = error.SqliteErrorCode == raw.SQLITE_FULL,
            };
        }
    }
}
