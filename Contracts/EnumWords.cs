namespace TicketAspire.Contracts;

/// <summary>Enumerations' members as words: in columns, keys, attributes and styles.</summary>
public static class EnumWords
{
    extension<T>(T member)
        where T : struct, Enum
    {
        /// <summary>The member's name in lower case, without separators.</summary>
        public string Word => member.ToString().ToLowerInvariant();
    }
}
