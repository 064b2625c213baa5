namespace Ensemble.Tokenization.Splitting;

/// <summary>Takes the pieces of a text in order, many at a time.</summary>
internal unsafe interface IPieceSink
{
    /// <summary>The most pieces that one call brings, and a block more.</summary>
    const int Capacity = 512;

    /// <summary>Takes adjacent pieces; 16 bytes can be read from the start of each.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">Where the first piece starts.</param>
    /// <param name="ends">Where each piece ends.</param>
    /// <param name="count">The number of pieces.</param>
    /// <returns>Whether to go on.</returns>
    bool Add(byte* text, int start, int* ends, int count);

    /// <summary>Takes one piece that has a zero byte in it.</summary>
    /// <returns>Whether to go on.</returns>
    bool AddUncached(ReadOnlySpan<byte> piece);
}
