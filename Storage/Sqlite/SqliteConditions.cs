using System.Text;

namespace TicketAspire.Storage.Sqlite;

/// <summary>The conditions of a query that is put together of those that are asked for.</summary>
internal sealed class SqliteConditions
{
    private readonly StringBuilder _sql = new(" WHERE TRUE");
    private readonly List<(string Name, object? Value)> _parameters = [];

    /// <summary>The values.</summary>
    public (string Name, object? Value)[] Parameters => [.. _parameters];

    /// <summary>Adds a condition with one value, unless the value is null.</summary>
    public void Add(string condition, string name, object? value)
    {
        if (value is not null)
        {
            And(condition, (name, value));
        }
    }

    /// <summary>Adds a condition.</summary>
    public void And(string condition, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        _sql.Append(" AND ").Append(condition);
        _parameters.AddRange(parameters);
    }

    /// <summary>The <c>WHERE</c> of the query.</summary>
    public override string ToString() => _sql.ToString();
}
