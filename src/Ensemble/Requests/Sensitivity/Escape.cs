namespace Ensemble;

/// <summary>Escape sequences in source code and in JSON that is sent as text: the letter of <c>\n</c> is no part of the word behind it.</summary>
internal static class Escape
{
    /// <summary>Says whether the escape of a line break or tabulator ends at an index.</summary>
    public static bool EndsAt(ReadOnlySpan<char> text, int end, int floor) => end >= floor + 2 && text[end - 1] is 'n' or 't' or 'r' && text[end - 2] == '\\';
}
