using System.Globalization;

namespace Ensemble.Cli;

/// <summary>Shows how far a download is: one line that changes on a terminal, a line a tenth in a pipe.</summary>
internal sealed class DownloadProgress(Terminal terminal, long total)
{
    private long _done;
    private int _shown = -1;

    /// <summary>Takes the next bytes.</summary>
    public void Add(long bytes)
    {
        _done += bytes;
        int percent = total > 0 ? (int)Math.Min(100, _done * 100 / total) : 0;
        bool isTerminal = terminal.Features.ErrorIsTerminal;
        if (percent == _shown || (!isTerminal && percent / 10 == _shown / 10 && _shown >= 0))
        {
            return;
        }

        _shown = percent;
        string line = string.Create(CultureInfo.InvariantCulture, $"{percent,3} %  {ByteSize.Of(_done)} of {ByteSize.Of(total)}");
        terminal.Error.Write(isTerminal ? $"\r{line}   " : line + Environment.NewLine);
    }

    /// <summary>Ends the line.</summary>
    public void End()
    {
        if (_shown >= 0 && terminal.Features.ErrorIsTerminal)
        {
            terminal.Error.WriteLine();
        }
    }
}
