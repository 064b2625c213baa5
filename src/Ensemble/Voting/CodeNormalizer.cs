using System.Text;

namespace Ensemble;

/// <summary>Reads code: the last fenced block, else the whole answer. Line ends, space at the end of a line, blank lines around and common indentation do not matter; nothing inside a line changes.</summary>
internal sealed class CodeNormalizer : IBallotNormalizer
{
    public string? Read(string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        string[] lines = [.. Fence.Inside(answer).ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd())];
        int first = Array.FindIndex(lines, line => line.Length > 0);
        if (first < 0)
        {
            return null;
        }

        int last = Array.FindLastIndex(lines, line => line.Length > 0);
        int indent = CommonIndent(lines.AsSpan(first, last - first + 1));
        StringBuilder code = new(answer.Length);
        for (int i = first; i <= last; i++)
        {
            code.Append(lines[i].Length == 0 ? "" : lines[i][indent..]);
            code.Append(i == last ? "" : "\n");
        }

        return code.ToString();
    }

    // Only the same characters are common: a tab is not four spaces.
    private static int CommonIndent(ReadOnlySpan<string> lines)
    {
        ReadOnlySpan<char> common = lines[0].AsSpan(0, lines[0].Length - lines[0].AsSpan().TrimStart().Length);
        foreach (string line in lines)
        {
            if (line.Length > 0)
            {
                common = common[..common.CommonPrefixLength(line)];
            }
        }

        return common.Length;
    }
}
