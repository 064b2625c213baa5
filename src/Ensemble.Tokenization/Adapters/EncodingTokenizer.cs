using System.Buffers;
using System.Text;
using System.Text.Unicode;
using Microsoft.ML.Tokenizers;

namespace Ensemble.Tokenization.Adapters;

/// <summary>An encoding as the platform's tokenizer. Names of special tokens are text. Thread-safe.</summary>
/// <remarks>A character whose bytes belong to several tokens is the value of each of them, and no limit splits it, as in the library's own tokenizers.</remarks>
internal sealed class EncodingTokenizer(TokenEncoding encoding) : Tokenizer
{
    /// <inheritdoc/>
    public override string Decode(IEnumerable<int> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return encoding.Decode(ids as int[] ?? [.. ids]);
    }

    /// <inheritdoc/>
    public override OperationStatus Decode(IEnumerable<int> ids, Span<char> destination, out int idsConsumed, out int charsWritten)
    {
        ArgumentNullException.ThrowIfNull(ids);
        idsConsumed = 0;
        charsWritten = 0;
        int taken = 0;

        // The bytes since the last token that ended with a character.
        var open = new ArrayBufferWriter<byte>();
        foreach (int id in ids)
        {
            if (!encoding.TryGetBytes(id, out ReadOnlySpan<byte> bytes))
            {
                return OperationStatus.InvalidData;
            }

            open.Write(bytes);
            taken++;
            OperationStatus status = Utf8.ToUtf16(open.WrittenSpan, destination[charsWritten..], out _, out int written, replaceInvalidSequences: true, isFinalBlock: false);
            if (status == OperationStatus.DestinationTooSmall)
            {
                return status;
            }

            if (status == OperationStatus.Done)
            {
                charsWritten += written;
                idsConsumed = taken;
                open.ResetWrittenCount();
            }
        }

        if (Utf8.ToUtf16(open.WrittenSpan, destination[charsWritten..], out _, out int last, replaceInvalidSequences: true, isFinalBlock: true) != OperationStatus.Done)
        {
            return OperationStatus.DestinationTooSmall;
        }

        charsWritten += last;
        idsConsumed = taken;
        return OperationStatus.Done;
    }

    /// <inheritdoc/>
    protected override int CountTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        ReadOnlySpan<char> whole = text ?? textSpan;
        return settings.MaxTokenCount < int.MaxValue
            ? EncodeToIds(text, textSpan, settings).Tokens.Count
            : checked((int)(settings.ConsiderNormalization ? encoding.Count(whole) : encoding.CountWithoutNormalizing(whole)));
    }

    /// <inheritdoc/>
    protected override EncodeResults<int> EncodeToIds(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        ReadOnlySpan<char> whole = Prepare(text ?? textSpan, settings, out string? normalized);
        int[] ids = encoding.EncodeWithoutNormalizing(whole);
        (int count, int consumed) = (ids.Length, whole.Length);
        if (ids.Length > settings.MaxTokenCount)
        {
            (count, consumed) = new TokenOffsets(encoding, whole).Fit(ids, settings.MaxTokenCount);
        }

        return new EncodeResults<int> { Tokens = ids.AsSpan(0, count).ToArray(), NormalizedText = normalized, CharsConsumed = consumed };
    }

    /// <inheritdoc/>
    protected override EncodeResults<EncodedToken> EncodeToTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        ReadOnlySpan<char> whole = Prepare(text ?? textSpan, settings, out string? normalized);
        int[] ids = encoding.EncodeWithoutNormalizing(whole);
        var offsets = new TokenOffsets(encoding, whole);
        (int count, int consumed) = offsets.Fit(ids, settings.MaxTokenCount);
        var tokens = new EncodedToken[count];
        offsets = new TokenOffsets(encoding, whole);
        for (int i = 0; i < count; i++)
        {
            int start = offsets.Index;
            offsets.Advance(ids[i]);
            Range offset = start..offsets.IndexAfterCharacter;
            tokens[i] = new EncodedToken(ids[i], whole[offset].ToString(), offset);
        }

        return new EncodeResults<EncodedToken> { Tokens = tokens, NormalizedText = normalized, CharsConsumed = consumed };
    }

    /// <inheritdoc/>
    protected override int GetIndexByTokenCount(
        string? text,
        ReadOnlySpan<char> textSpan,
        EncodeSettings settings,
        bool fromEnd,
        out string? normalizedText,
        out int tokenCount)
    {
        ReadOnlySpan<char> whole = Prepare(text ?? textSpan, settings, out normalizedText);
        int[] ids = encoding.EncodeWithoutNormalizing(whole);
        var offsets = new TokenOffsets(encoding, whole);
        (tokenCount, int index) = fromEnd ? offsets.FitFromEnd(ids, settings.MaxTokenCount) : offsets.Fit(ids, settings.MaxTokenCount);
        return index;
    }

    private ReadOnlySpan<char> Prepare(ReadOnlySpan<char> text, EncodeSettings settings, out string? normalized)
    {
        normalized = settings.ConsiderNormalization ? encoding.NormalizeIfNeeded(text) : null;
        return normalized ?? text;
    }
}
