using System.Text.Json;

namespace Ensemble;

/// <summary>Where in a chunk of a chat completion the strings stand that differ from piece to piece: the text, and the noise that OpenAI adds to hide its length.</summary>
internal readonly struct PieceStrings
{
    private readonly (int Start, int End) _first;
    private readonly (int Start, int End) _second;

    private PieceStrings((int Start, int End) text, (int Start, int End)? noise)
    {
        Count = noise is null ? 1 : 2;
        Text = noise is { } other && other.Start < text.Start ? 1 : 0;
        _first = Text == 0 ? text : noise!.Value;
        _second = Text == 0 ? noise ?? default : text;
    }

    public int Count { get; }

    /// <summary>Gets which of them is the text.</summary>
    public int Text { get; }

    /// <summary>Gets where one begins and ends, between its quotes, in order.</summary>
    public (int Start, int End) this[int index] => index == 0 ? _first : _second;

    /// <summary>Finds them; <see langword="null"/> in a chunk that names one twice or holds no text.</summary>
    /// <param name="json">A chunk that the SDK has read.</param>
    public static PieceStrings? Find(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json);
        (int, int)? text = null;
        (int, int)? noise = null;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("choices"u8))
            {
                if (text is not null || (text = FindInChoices(ref reader)) is null)
                {
                    return null;
                }
            }
            else if (reader.ValueTextEquals("obfuscation"u8))
            {
                reader.Read();
                if (noise is not null || reader.TokenType != JsonTokenType.String)
                {
                    return null;
                }

                noise = Place(reader);
            }
            else
            {
                Skip(ref reader);
            }
        }

        return text is { } found ? new PieceStrings(found, noise) : null;
    }

    // Of the first choice, which is the one that is read.
    private static (int Start, int End)? FindInChoices(ref Utf8JsonReader reader)
    {
        (int, int)? text = null;
        int depth = reader.CurrentDepth;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray || !reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!reader.ValueTextEquals("delta"u8))
            {
                Skip(ref reader);
            }
            else if (text is not null || (text = FindInDelta(ref reader)) is null)
            {
                return null;
            }
        }

        while (reader.CurrentDepth > depth)
        {
            reader.Read();
        }

        return text;
    }

    private static (int Start, int End)? FindInDelta(ref Utf8JsonReader reader)
    {
        (int, int)? text = null;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!reader.ValueTextEquals("content"u8))
            {
                Skip(ref reader);
                continue;
            }

            reader.Read();
            if (text is not null || reader.TokenType != JsonTokenType.String)
            {
                return null;
            }

            text = Place(reader);
        }

        return text;
    }

    private static (int Start, int End) Place(in Utf8JsonReader reader)
    {
        int start = (int)reader.TokenStartIndex + 1;
        return (start, start + reader.ValueSpan.Length);
    }

    private static void Skip(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }
}
