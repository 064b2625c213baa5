using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Ensemble.Benchmarks.Tokens;

/// <summary>Seconds of processor time of this thread where the system tells, else of the clock: machines that measure are seldom idle.</summary>
internal static partial class ThreadClock
{
    private const int ThreadProcessorTime = 3;

    public static double Now()
    {
        if (OperatingSystem.IsLinux() && GetTime(ThreadProcessorTime, out TimeSpec time) == 0)
        {
            return time.Seconds + (time.Nanoseconds / 1e9);
        }

        return Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpec time);

    private readonly struct TimeSpec
    {
        public readonly nint Seconds;
        public readonly nint Nanoseconds;
    }
}
