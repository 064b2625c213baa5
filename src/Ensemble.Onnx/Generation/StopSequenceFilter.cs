using System.Text;

namespace Ensemble.Onnx;

/// <summary>Lets text through up to the first stop sequence, also where it lies across tokens: what may be the beginning of one is held back.</summary>
internal sealed class StopSequenceFilter(IReadOnlyList<string> stops)
{
    private readonly StringBuilder _held = new();

    internal bool IsStopped { get; private set; }

    /// <summary>Adds a piece of the answer and returns what can be shown of it; nothing after a stop.</summary>
    internal string Add(string piece)
    {
        if (stops.Count == 0 || piece.Length == 0)
        {
            return piece;
        }

        string text = _held.Append(piece).ToString();
        _held.Clear();
        int stop = FirstStop(text);
        if (stop >= 0)
        {
            IsStopped = true;
            return text[..stop];
        }

        int held = LongestBeginning(text);
        _held.Append(text, text.Length - held, held);
        return text[..^held];
    }

    /// <summary>Returns what is still held back when the answer has ended.</summary>
    internal string Finish() => IsStopped ? "" : _held.ToString();

    private int FirstStop(string text)
    {
        int first = -1;
        foreach (string stop in stops)
        {
            int at = text.IndexOf(stop, StringComparison.Ordinal);
            first = at >= 0 && (first < 0 || at < first) ? at : first;
        }

        return first;
    }

    private int LongestBeginning(string text)
    {
        int longest = 0;
        foreach (string stop in stops)
        {
            for (int length = Math.Min(stop.Length - 1, text.Length); length > longest; length--)
            {
                if (text.AsSpan(text.Length - length).SequenceEqual(stop.AsSpan(0, length)))
                {
                    longest = length;
                }
            }
        }

        return longest;
    }
}
