using System.Text.Unicode;

namespace Ensemble.Tokenization.Tables;

/// <summary>UTF-8 as UTF-16 outside the managed heap for the length of a call, with U+FFFD in place of what is invalid.</summary>
internal readonly unsafe ref struct Utf16Copy : IDisposable
{
    private readonly NativeArray<char> _units;
    private readonly int _length;

    public Utf16Copy(ReadOnlySpan<byte> utf8)
    {
        // No sequence of bytes becomes more units than it has bytes.
        _units = new NativeArray<char>(utf8.Length);
        Utf8.ToUtf16(utf8, new Span<char>(_units.Pointer, utf8.Length), out _, out _length);
    }

    /// <summary>The text, until the copy is disposed of.</summary>
    public ReadOnlySpan<char> Text => new(_units.Pointer, _length);

    public void Dispose() => _units.Dispose();
}
