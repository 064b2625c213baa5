using System.Runtime.InteropServices;

namespace Ensemble.Onnx.Tests.Local.Sockets;

/// <summary>Has the Linux kernel kill this process when any of its threads makes a socket: nothing that opens one, however briefly, can be missed.</summary>
internal static class SocketGuard
{
    private const int NoNewPrivileges = 38;
    private const ulong SetModeFilter = 1;
    private const ulong AllThreads = 1;

    /// <summary>Sets the guard for all present and future threads.</summary>
    public static unsafe bool TrySet()
    {
        (uint socket, long seccomp) = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? (198u, 277L) : (41u, 317L);
        Instruction* program = stackalloc Instruction[]
        {
            new(0x20, 0, 0, 0), // load the number of the system call
            new(0x15, 0, 1, socket), // is it socket(2)?
            new(0x06, 0, 0, 0x80000000), // then kill the process
            new(0x06, 0, 0, 0x7fff0000), // else allow
        };
        Filter filter = new() { Length = 4, Program = program };
        return Prctl(NoNewPrivileges, 1, 0, 0, 0) == 0 && Syscall(seccomp, SetModeFilter, AllThreads, (nint)(&filter)) == 0;
    }

#pragma warning disable SYSLIB1054, CA5392 // a test's two calls; generated marshalling would buy nothing
    [DllImport("libc", EntryPoint = "prctl")]
    private static extern int Prctl(int option, ulong a, ulong b, ulong c, ulong d);

    [DllImport("libc", EntryPoint = "syscall")]
    private static extern long Syscall(long number, ulong operation, ulong flags, nint argument);
#pragma warning restore SYSLIB1054, CA5392

    // linux/filter.h: struct sock_filter.
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Instruction(ushort code, byte whenTrue, byte whenFalse, uint value)
    {
        private readonly ushort _code = code;
        private readonly byte _whenTrue = whenTrue;
        private readonly byte _whenFalse = whenFalse;
        private readonly uint _value = value;
    }

    // linux/filter.h: struct sock_fprog.
    [StructLayout(LayoutKind.Sequential)]
    private unsafe struct Filter
    {
        public ushort Length;
        public Instruction* Program;
    }
}
