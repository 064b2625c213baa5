using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ensemble.Onnx;

/// <summary>Turns the telemetry of the native runtimes off before they load; they read one environment variable when they start.</summary>
internal static partial class RuntimeTelemetry
{
    internal const string Variable = "ORT_DISABLE_TELEMETRY";
    internal const string KeepSwitch = "Ensemble.Onnx.KeepRuntimeTelemetry";
    internal const string KeepVariable = "ENSEMBLE_ONNX_KEEP_RUNTIME_TELEMETRY";

    internal static TelemetryState State { get; private set; }

    // Nothing of this assembly can touch a native runtime before its module initialiser has run, and the variable is read only once.
#pragma warning disable CA2255 // the one place early enough to be heard by the native library
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Initialize()
    {
        bool loadedBefore = NativeRuntime.IsLoaded();
        if (IsKept())
        {
            State = TelemetryState.KeptOn;
            return;
        }

        bool wasOff = Environment.GetEnvironmentVariable(Variable) == "1";
        Disable();
        State = loadedBefore && !wasOff ? TelemetryState.LoadedBefore : TelemetryState.Off;
    }

    private static bool IsKept() =>
        (AppContext.TryGetSwitch(KeepSwitch, out bool kept) && kept) || Environment.GetEnvironmentVariable(KeepVariable) == "1";

    private static void Disable()
    {
        Environment.SetEnvironmentVariable(Variable, "1");
        try
        {
            // .NET keeps its own copy of the environment: native getenv sees only what the C library is told.
            _ = OperatingSystem.IsWindows() ? PutEnvironmentVariable(Variable, "1") : SetEnvironmentVariable(Variable, "1", 1);
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
            // Platforms without a C library of that name (browser) have no native runtime either.
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetEnvironmentVariable(string name, string value, int overwrite);

    [LibraryImport("ucrtbase", EntryPoint = "_putenv_s", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int PutEnvironmentVariable(string name, string value);
}
