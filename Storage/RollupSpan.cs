namespace TicketAspire.Storage;

/// <summary>How long the spans are by which rollups are kept: longer ones for longer.</summary>
public enum RollupSpan
{
    /// <summary>A minute; kept for a day.</summary>
    Minute,

    /// <summary>Ten minutes; kept for two days.</summary>
    TenMinutes,

    /// <summary>An hour; kept for 31 days.</summary>
    Hour,
}

/// <summary>What the spans are.</summary>
public static class RollupSpans
{
    extension(RollupSpan span)
    {
        /// <summary>How long one is.</summary>
        public TimeSpan Length => span switch
        {
            RollupSpan.Minute => TimeSpan.FromMinutes(1),
            RollupSpan.TenMinutes => TimeSpan.FromMinutes(10),
            _ => TimeSpan.FromHours(1),
        };

        /// <summary>How long after its beginning it is kept.</summary>
        public TimeSpan Kept => span switch
        {
            RollupSpan.Minute => TimeSpan.FromDays(1),
            RollupSpan.TenMinutes => TimeSpan.FromDays(2),
            _ => TimeSpan.FromDays(31),
        };

        /// <summary>The beginning of the one that a time is in.</summary>
        public DateTimeOffset Begin(DateTimeOffset time) =>
            new(time.UtcTicks - (time.UtcTicks % span.Length.Ticks), TimeSpan.Zero);
    }
}
