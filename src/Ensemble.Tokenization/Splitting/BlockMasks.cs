namespace Ensemble.Tokenization.Splitting;

/// <summary>All characters of a block of 64 bytes by class, as a family of rules sees them; a character of several bytes has all its bits set.</summary>
internal struct BlockMasks
{
    public ulong Letter;
    public ulong Upper;
    public ulong Lower;
    public ulong Caseless;
    public ulong Number;
    public ulong White;
    public ulong Newline;
    public ulong Space;
    public ulong Punctuation;
    public ulong Apostrophe;
    public ulong Slash;

    /// <summary>The second and later bytes of characters.</summary>
    public ulong Continuation;
}
