using System.Buffers.Binary;
using System.Text;

namespace TicketAspire.Tests.Support.Telemetry;

/// <summary>
/// A message in Protocol Buffers' wire format (protobuf.dev/programming-guides/encoding), read without its schema: fields by
/// number, in their order.
/// </summary>
public sealed class ProtobufMessage
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int Bytes = 2;
    private const int Fixed32 = 5;

    private readonly List<(int Field, ulong Number, ReadOnlyMemory<byte> Bytes)> _fields = [];

    public ProtobufMessage(ReadOnlyMemory<byte> message)
    {
        for (var at = 0; at < message.Length;)
        {
            var tag = ReadVarint(message.Span, ref at);
            var field = (int)(tag >> 3);
            switch ((int)(tag & 7))
            {
                case Varint:
                    _fields.Add((field, ReadVarint(message.Span, ref at), default));
                    break;
                case Fixed64:
                    _fields.Add((field, BinaryPrimitives.ReadUInt64LittleEndian(message.Span[at..]), default));
                    at += sizeof(ulong);
                    break;
                case Fixed32:
                    _fields.Add((field, BinaryPrimitives.ReadUInt32LittleEndian(message.Span[at..]), default));
                    at += sizeof(uint);
                    break;
                case Bytes:
                    var length = (int)ReadVarint(message.Span, ref at);
                    _fields.Add((field, 0, message.Slice(at, length)));
                    at += length;
                    break;
                case var other:
                    throw new InvalidDataException($"There is no wire type {other}.");
            }
        }
    }

    /// <summary>The messages of a field.</summary>
    public IEnumerable<ProtobufMessage> Messages(int field) =>
        _fields.Where(one => one.Field == field).Select(one => new ProtobufMessage(one.Bytes));

    /// <summary>The message of a field; an empty one if it is absent.</summary>
    public ProtobufMessage Message(int field) => Messages(field).FirstOrDefault() ?? new ProtobufMessage(default);

    public bool Has(int field) => _fields.Exists(one => one.Field == field);

    public string Text(int field) => Encoding.UTF8.GetString(Raw(field).Span);

    /// <summary>Bytes as hexadecimal digits.</summary>
    public string Hex(int field) => Convert.ToHexStringLower(Raw(field).Span);

    public ulong Number(int field) => _fields.Find(one => one.Field == field).Number;

    public double Real(int field) => BitConverter.UInt64BitsToDouble(Number(field));

    private ReadOnlyMemory<byte> Raw(int field) => _fields.Find(one => one.Field == field).Bytes;

    private static ulong ReadVarint(ReadOnlySpan<byte> bytes, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = bytes[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
