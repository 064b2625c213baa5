using Microsoft.Win32.SafeHandles;

namespace Ensemble.Cli;

/// <summary>Opens standard output so that a pipe that nobody reads any more is an error: the platform's own stream says nothing, and a model would go on computing for nobody.</summary>
internal static class StandardOutput
{
    private const int Descriptor = 1;

    // EPIPE, alike on Linux and macOS; the platform's IOException carries it as it is.
    private const int BrokenPipe = 32;

    /// <summary>Opens the stream.</summary>
    public static Stream Open()
    {
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected)
        {
            return Console.OpenStandardOutput();
        }

        FileStream output = new(new SafeFileHandle(Descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        if (!output.CanSeek)
        {
            return output;
        }

        // Processes that share a file share its position, which only the platform's stream moves on.
        output.Dispose();
        return Console.OpenStandardOutput();
    }

    /// <summary>Returns whether an error says that nobody reads the output any more.</summary>
    public static bool IsClosed(IOException error) => error.HResult == BrokenPipe;
}
