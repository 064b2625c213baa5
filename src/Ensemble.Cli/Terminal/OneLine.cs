namespace Ensemble.Cli;

/// <summary>Makes any text fit into a line of a list.</summary>
internal static class OneLine
{
    private const int Maximum = 60;

    /// <summary>Gives the beginning of a text without line ends; an ellipsis stands for what was left out.</summary>
    public static string Of(string text)
    {
        string line = text.ReplaceLineEndings(" ").Trim();
        if (line.Length <= Maximum)
        {
            return line;
        }

        // A pair of surrogates is one character.
        int length = char.IsHighSurrogate(line[Maximum - 1]) ? Maximum - 1 : Maximum;
        return $"{line.AsSpan(0, length)}…";
    }
}
