using Microsoft.Data.Sqlite;

namespace TicketAspire.Storage.Sqlite;

/// <summary>
/// One write on its way through the writer: waiting, then either given up or begun. What was begun is seen through, so
/// that a caller who hears of a cancellation knows that nothing has changed.
/// </summary>
internal abstract class SqliteWriteOperation
{
    private int _left;

    /// <summary>Takes the operation out of waiting; true for the first who does: the writer or the cancellation.</summary>
    public bool TryTake() => Interlocked.Exchange(ref _left, 1) == 0;

    /// <summary>Does it, inside the writer's transaction.</summary>
    public abstract void Execute(SqliteConnection connection);

    /// <summary>It failed by itself and left no trace.</summary>
    public abstract void Refuse(Exception error);

    /// <summary>The transaction that it was part of is on disk: answers the caller.</summary>
    public abstract void Complete();

    /// <summary>The transaction that it was part of is lost: answers the caller.</summary>
    public abstract void Fail(Exception error);
}

/// <summary>One write with a result.</summary>
internal sealed class SqliteWriteOperation<T>(Func<SqliteConnection, T> write) : SqliteWriteOperation
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _error;
    private T _result = default!;

    public Task<T> Answer => _answer.Task;

    public void Cancel(CancellationToken cancellation)
    {
        if (TryTake())
        {
            _answer.TrySetCanceled(cancellation);
        }
    }

    public override void Execute(SqliteConnection connection) => _result = write(connection);

    public override void Refuse(Exception error) => _error = error;

    public override void Complete()
    {
        if (_error is null)
        {
            _answer.TrySetResult(_result);
        }
        else
        {
            _answer.TrySetException(_error);
        }
    }

    public override void Fail(Exception error) => _answer.TrySetException(_error ?? error);
}
