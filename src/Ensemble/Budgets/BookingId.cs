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

    private static long _count;

    /// <summary>Makes the next id; no two of a process are the same within 2³⁴ of one millisecond.</summary>
    public static Guid Next(DateTimeOffset now)
    {
        long milliseconds = now.ToUnixTimeMilliseconds();
        ulong count = (ulong)Interlocked.Increment(ref _count);
        ulong tail = 0x8000_0000_0000_0000 | (((count >> 12) & 0x3F_FFFF) << 40) | Process;
        return new Guid(
            (int)(milliseconds >> 16), (short)milliseconds, (short)(0x7000 | (int)(count & 0xFFF)),
            (byte)(tail >> 56), (byte)(tail >> 48), (byte)(tail >> 40), (byte)(tail >> 32), (byte)(tail >> 24), (byte)(tail >> 16), (byte)(tail >> 8), (byte)tail);
    }
}
