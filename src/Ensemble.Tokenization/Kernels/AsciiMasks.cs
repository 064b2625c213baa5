namespace Ensemble.Tokenization.Kernels;

/// <summary>The ASCII characters of a block of 64 bytes by class, one bit a byte.</summary>
internal struct AsciiMasks
{
    public ulong Letter;
    public ulong Upper;
    public ulong Number;
    public ulong White;
    public ulong Newline;
    public ulong Space;
    public ulong Apostrophe;
    public ulong Slash;
}
