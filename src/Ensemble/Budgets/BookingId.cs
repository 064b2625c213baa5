using System.Security.Cryptography;

namespace Ensemble;

/// <summary>
/// Ids of bookings, in the form of UUID version 7 (RFC 9562): the time, then a counter and bits that are this process's own. Random bits
/// are drawn once: to draw them for each booking cost more than the booking. Processes that share a store differ in the 40 bits of theirs;
/// one that was copied while it ran differs in its time.
/// </summary>
internal static class BookingId
{
    private static readonly ulong Process = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)) & 0xFF_FFFF_FFFF;

    // Each thread takes that many numbers at a time: the count is one of the few things that all calls of a process write.
    private const int BlockBits = 6;

    /// <summary>The bits of an id's hash in which the ids of one block differ. The counter's last 12 bits are the upper half of the second of the four words that <see cref="Guid.GetHashCode"/> combines.</summary>
    public const uint WithinBlock = ((1u << BlockBits) - 1) << 16;

    private static long _blocks;

    [ThreadStatic]
    private static long _next;

    /// <summary>Makes the next id; no two of a process are the same within 2³⁴ of one millisecond.</summary>
    public static Guid Next(DateTimeOffset now)
    {
        long milliseconds = now.ToUnixTimeMilliseconds();
        long next = _next;
        if ((next & ((1 << BlockBits) - 1)) == 0)
        {
            next = Interlocked.Increment(ref _blocks) << BlockBits;
        }

        _next = next + 1;
        ulong count = (ulong)next;
        ulong tail = 0x8000_0000_0000_0000 | (((count >> 12) & 0x3F_FFFF) << 40) | Process;
        return new Guid(
            (int)(milliseconds >> 16), (short)milliseconds, (short)(0x7000 | (int)(count & 0xFFF)),
            (byte)(tail >> 56), (byte)(tail >> 48), (byte)(tail >> 40), (byte)(tail >> 32), (byte)(tail >> 24), (byte)(tail >> 16), (byte)(tail >> 8), (byte)tail);
    }
}
