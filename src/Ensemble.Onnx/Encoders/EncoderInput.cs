namespace Ensemble.Onnx;

/// <summary>What an encoder reads at once: the ids of one text or of a pair, with the marks around them.</summary>
/// <param name="Ids">The ids.</param>
/// <param name="SecondFrom">Where the second type of token begins; the length of <paramref name="Ids"/> when it never does.</param>
internal readonly record struct EncoderInput(int[] Ids, int SecondFrom)
{
    internal int Length => Ids.Length;
}
