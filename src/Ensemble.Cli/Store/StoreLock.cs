namespace Ensemble.Cli;

/// <summary>Lets one process at a time change one model of the store; the system frees it when the process ends, however it ends.</summary>
internal static class StoreLock
{
    /// <summary>Waits for the lock.</summary>
    /// <param name="path">The lock's file.</param>
    /// <param name="time">The clock of the waiting.</param>
    /// <param name="waiting">Told once, if somebody else has it.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static async Task<FileStream> TakeAsync(string path, TimeProvider time, Action waiting, CancellationToken cancellationToken)
    {
        for (bool isFirst = true; ; isFirst = false)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException error) when (error is not (DirectoryNotFoundException or PathTooLongException) && File.Exists(path))
            {
                if (isFirst)
                {
                    waiting();
                }

                await Task.Delay(TimeSpan.FromMilliseconds(200), time, cancellationToken);
            }
        }
    }
}
