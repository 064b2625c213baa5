using System.Runtime.ConstrainedExecution;
using System.Runtime.InteropServices;

namespace Ensemble.Tokenization.Tables;

/// <summary>Zeroed memory outside the managed heap, aligned, by default to a cache line, and freed with its owner.</summary>
/// <remarks>Pages that are never written are never resident. Users of <see cref="Pointer"/> keep the buffer alive.</remarks>
internal sealed unsafe class NativeBuffer : CriticalFinalizerObject
{
    private readonly void* _allocation;

    public NativeBuffer(nuint length, uint alignment = 64)
    {
        // Not AlignedAlloc: it has no zeroed form, and clearing would touch every page.
        _allocation = NativeMemory.AllocZeroed(length + alignment);
        Pointer = (byte*)(((nuint)_allocation + alignment - 1) & ~(nuint)(alignment - 1));
        Length = length;
    }

    ~NativeBuffer() => NativeMemory.Free(_allocation);

    public byte* Pointer { get; }

    public nuint Length { get; }
}
