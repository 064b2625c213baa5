using System.Runtime.ConstrainedExecution;
using System.Runtime.InteropServices;

namespace Ensemble.Tokenization.Tables;

/// <summary>Zeroed memory outside the managed heap, aligned, by default to a cache line, and freed with its owner.</summary>
/// <remarks>
/// Pages that are never written are never resident. Where Linux offers huge pages to those who ask, buffers that are looked at all over ask for them: each
/// look elsewhere needs its page's address first, and under a hypervisor that search costs as much as the look. Users of <see cref="Pointer"/> keep the
/// buffer alive.
/// </remarks>
internal sealed unsafe partial class NativeBuffer : CriticalFinalizerObject
{
    private const uint CacheLine = 64;
    private const uint HugePage = 2 * 1024 * 1024;
    private const int AdviseHugePages = 14;

    private readonly void* _allocation;

    /// <summary>Allocates a buffer.</summary>
    /// <param name="length">Its length in bytes.</param>
    /// <param name="scattered">Whether all of it will be used, in no order.</param>
    public NativeBuffer(nuint length, bool scattered = false)
    {
        bool huge = scattered && OperatingSystem.IsLinux() && length > HugePage / 2;
        nuint alignment = huge ? HugePage : CacheLine;

        // Not AlignedAlloc: it has no zeroed form, and clearing would touch every page.
        nuint used = huge ? (length + HugePage - 1) & ~(nuint)(HugePage - 1) : length;
        _allocation = NativeMemory.AllocZeroed(used + alignment);
        Pointer = (byte*)(((nuint)_allocation + alignment - 1) & ~(alignment - 1));
        Length = length;
        if (huge)
        {
            // Advice: whether it is taken makes no other difference.
            _ = Advise(Pointer, used, AdviseHugePages);
        }
    }

    ~NativeBuffer() => NativeMemory.Free(_allocation);

    public byte* Pointer { get; }

    public nuint Length { get; }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
