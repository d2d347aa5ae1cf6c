using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TicketAspire.Classifier.Model;

/// <summary>
/// Rows of weights as bytes with a common scale for each row. A row's scale and its weights lie side by side: a row of
/// eight weights is twelve bytes, one access to memory.
/// </summary>
internal sealed class ByteRows
{
    /// <summary>Weights that are added at a time.</summary>
    private const int Size = 8;

    private readonly int _rowBytes;

    /// <summary>Takes rows as they are in a file.</summary>
    /// <param name="width">Weights in a row; rows are filled up with zeros to <see cref="Stride"/>.</param>
    /// <param name="data">Row by row: the scale as a little-endian single-precision number, then the weights.</param>
    public ByteRows(int width, byte[] data)
    {
        Width = width;
        Data = data;
        _rowBytes = RowBytes(width);
    }

    /// <summary>Weights in a row.</summary>
    public int Width { get; }

    /// <summary>How many rows.</summary>
    public int Count => _rowBytes == 0 ? 0 : Data.Length / _rowBytes;

    /// <summary>The rows as they are in a file.</summary>
    public byte[] Data { get; }

    /// <summary>What rows of so many weights are filled up to: a multiple of eight.</summary>
    public static int Stride(int width) => (width + 7) & ~7;

    /// <summary>What a row of so many weights takes.</summary>
    public static int RowBytes(int width) => sizeof(float) + Stride(width);

    /// <summary>Rounds rows of real weights to bytes.</summary>
    /// <param name="width">Weights in a row.</param>
    /// <param name="count">How many rows.</param>
    /// <param name="row">Writes a row's weights.</param>
    public static ByteRows Round(int width, int count, Action<int, Span<float>> row)
    {
        var rowBytes = RowBytes(width);
        var data = new byte[count * rowBytes];
        var weights = new float[width];
        for (var i = 0; i < count; i++)
        {
            row(i, weights);
            var largest = 0f;
            foreach (var weight in weights)
            {
                largest = Math.Max(largest, Math.Abs(weight));
            }

            var scale = largest / sbyte.MaxValue;
            var to = data.AsSpan(i * rowBytes, rowBytes);
            BinaryPrimitives.WriteSingleLittleEndian(to, scale);
            for (var k = 0; k < width && scale > 0; k++)
            {
                to[sizeof(float) + k] = (byte)(sbyte)MathF.Round(weights[k] / scale);
            }
        }

        return new ByteRows(width, data);
    }

    /// <summary>Adds a multiple of a row to sums, which are as long as <see cref="Stride"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddTo(ref float sums, int row, float factor)
    {
        ref var start = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Data), (nint)row * _rowBytes);
        var factors = Vector256.Create(Scale(ref start) * factor);
        var stride = _rowBytes - sizeof(float);
        for (var k = 0; k < stride; k += Size)
        {
            var sum = Vector256.LoadUnsafe(ref sums, (nuint)k);
            Vector256.FusedMultiplyAdd(factors, Eight(ref Unsafe.Add(ref start, sizeof(float) + k)), sum).StoreUnsafe(ref sums, (nuint)k);
        }
    }

    /// <summary>Adds multiples of many rows to sums, which are as long as <see cref="Stride"/>.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="factors">A factor for each.</param>
    /// <param name="sums">Are added to, always in the order of the rows.</param>
    public void AddTo(Span<float> sums, ReadOnlySpan<int> rows, ReadOnlySpan<float> factors)
    {
        const int Block = 4 * Size;
        ref var data = ref MemoryMarshal.GetArrayDataReference(Data);
        ref var sum = ref MemoryMarshal.GetReference(sums);
        var k = 0;
        // The sums of a block stay in registers.
        for (; k + Block <= sums.Length; k += Block)
        {
            var a = Vector256.LoadUnsafe(ref sum, (nuint)k);
            var b = Vector256.LoadUnsafe(ref sum, (nuint)k + Size);
            var c = Vector256.LoadUnsafe(ref sum, (nuint)k + (2 * Size));
            var d = Vector256.LoadUnsafe(ref sum, (nuint)k + (3 * Size));
            for (var i = 0; i < rows.Length; i++)
            {
                ref var start = ref Unsafe.Add(ref data, (nint)rows[i] * _rowBytes);
                var factor = Vector256.Create(Scale(ref start) * factors[i]);
                ref var weights = ref Unsafe.Add(ref start, sizeof(float) + k);
                a = Vector256.FusedMultiplyAdd(factor, Eight(ref weights), a);
                b = Vector256.FusedMultiplyAdd(factor, Eight(ref Unsafe.Add(ref weights, Size)), b);
                c = Vector256.FusedMultiplyAdd(factor, Eight(ref Unsafe.Add(ref weights, 2 * Size)), c);
                d = Vector256.FusedMultiplyAdd(factor, Eight(ref Unsafe.Add(ref weights, 3 * Size)), d);
            }

            a.StoreUnsafe(ref sum, (nuint)k);
            b.StoreUnsafe(ref sum, (nuint)k + Size);
            c.StoreUnsafe(ref sum, (nuint)k + (2 * Size));
            d.StoreUnsafe(ref sum, (nuint)k + (3 * Size));
        }

        for (; k < sums.Length; k += Size)
        {
            var a = Vector256.LoadUnsafe(ref sum, (nuint)k);
            for (var i = 0; i < rows.Length; i++)
            {
                ref var start = ref Unsafe.Add(ref data, (nint)rows[i] * _rowBytes);
                a = Vector256.FusedMultiplyAdd(
                    Vector256.Create(Scale(ref start) * factors[i]), Eight(ref Unsafe.Add(ref start, sizeof(float) + k)), a);
            }

            a.StoreUnsafe(ref sum, (nuint)k);
        }
    }

    /// <summary>One weight.</summary>
    public float Of(int row, int k)
    {
        ref var start = ref Data[row * _rowBytes];
        return Scale(ref start) * (sbyte)Unsafe.Add(ref start, sizeof(float) + k);
    }

    private static float Scale(ref byte start)
    {
        var bits = Unsafe.ReadUnaligned<int>(ref start);
        return BitConverter.Int32BitsToSingle(BitConverter.IsLittleEndian ? bits : BinaryPrimitives.ReverseEndianness(bits));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Eight(ref byte start)
    {
        var bytes = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<long>(ref start)).AsSByte();
        if (Avx2.IsSupported)
        {
            return Vector256.ConvertToSingle(Avx2.ConvertToVector256Int32(bytes));
        }

        var (low, high) = Vector128.Widen(Vector128.WidenLower(bytes));
        return Vector256.ConvertToSingle(Vector256.Create(low, high));
    }
}
