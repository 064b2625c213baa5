using System.Runtime.InteropServices;

namespace Ensemble.Tokenization.Tables;

/// <summary>Uninitialised memory outside the managed heap for the length of a call.</summary>
internal readonly unsafe ref struct NativeArray<T>
    where T : unmanaged
{
    public NativeArray(long length) => Pointer = (T*)NativeMemory.Alloc(checked((nuint)length), (nuint)sizeof(T));

    public T* Pointer { get; }

    public void Dispose() => NativeMemory.Free(Pointer);
}
