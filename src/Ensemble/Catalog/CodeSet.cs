using System.Numerics;
using System.Runtime.Intrinsics;

namespace Ensemble;

/// <summary>A set of up to 256 numbered codes (countries, languages); a subset test is two vector instructions.</summary>
internal readonly struct CodeSet : IEquatable<CodeSet>
{
    private readonly Vector256<ulong> _bits;

    private CodeSet(Vector256<ulong> bits) => _bits = bits;

    public static CodeSet Empty => default;

    public bool IsEmpty => _bits == Vector256<ulong>.Zero;

    public int Count =>
        BitOperations.PopCount(_bits[0]) + BitOperations.PopCount(_bits[1]) + BitOperations.PopCount(_bits[2]) + BitOperations.PopCount(_bits[3]);

    public static CodeSet operator |(CodeSet left, CodeSet right) => new(left._bits | right._bits);

    public static CodeSet operator &(CodeSet left, CodeSet right) => new(left._bits & right._bits);

    public static CodeSet Of(int code) => new(Vector256<ulong>.Zero.WithElement(code >> 6, 1UL << (code & 63)));

    public bool IsSubsetOf(CodeSet other) => Vector256.AndNot(_bits, other._bits) == Vector256<ulong>.Zero;

    public bool Contains(int code) => (_bits[code >> 6] & (1UL << (code & 63))) != 0;

    public bool Equals(CodeSet other) => _bits == other._bits;

    public override bool Equals(object? obj) => obj is CodeSet other && Equals(other);

    public override int GetHashCode() => _bits.GetHashCode();
}
