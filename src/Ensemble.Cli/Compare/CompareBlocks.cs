namespace Ensemble.Cli;

/// <summary>Writes the answers below each other, each when it and those before it are whole, so that a pipe gets the same order every time.</summary>
internal static class CompareBlocks
{
    /// <summary>Writes a block.</summary>
    public static void Write(TextWriter output, CompareResult result, bool isFirst)
    {
        if (!isFirst)
        {
            output.WriteLine();
        }

        output.WriteLine($"== {result.Name}");
        if (result.Text.Length > 0)
        {
            output.WriteLine(result.Text.TrimEnd('\n'));
        }

        if (result.Error is { } error)
        {
            output.WriteLine($"error: {error}");
        }

        output.WriteLine($"-- {result.Facts}");
        output.Flush();
    }
}
