namespace TicketAspire.ServiceDefaults.Telemetry.Rollups;

/// <summary>The values of up to four tags as they come, so that nothing has to be made to look a cell up.</summary>
internal struct RollupKey : IEquatable<RollupKey>
{
    private object? _first;
    private object? _second;
    private object? _third;
    private object? _fourth;

    /// <summary>The value of one of the tags.</summary>
    public object? this[int tag]
    {
        readonly get => tag switch { 0 => _first, 1 => _second, 2 => _third, _ => _fourth };
        set
        {
            switch (tag)
            {
                case 0:
                    _first = value;
                    break;
                case 1:
                    _second = value;
                    break;
                case 2:
                    _third = value;
                    break;
                default:
                    _fourth = value;
                    break;
            }
        }
    }

    public readonly bool Equals(RollupKey other) =>
        Same(_first, other._first) && Same(_second, other._second) && Same(_third, other._third) && Same(_fourth, other._fourth);

    public override readonly bool Equals(object? obj) => obj is RollupKey other && Equals(other);

    public override readonly int GetHashCode() => HashCode.Combine(_first, _second, _third, _fourth);

    private static bool Same(object? one, object? other) => ReferenceEquals(one, other) || (one is not null && one.Equals(other));
}
