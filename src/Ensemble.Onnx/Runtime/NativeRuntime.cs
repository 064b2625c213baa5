using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Ensemble.Onnx;

/// <summary>Finds the native runtimes and their versions.</summary>
internal static class NativeRuntime
{
    /// <summary>Tells whether a native ONNX runtime is mapped into this process.</summary>
    internal static bool IsLoaded()
    {
        if (OperatingSystem.IsLinux())
        {
            return File.ReadLines("/proc/self/maps").Any(line => line.Contains("libonnxruntime", StringComparison.Ordinal));
        }

        using Process process = Process.GetCurrentProcess();
        return process.Modules.Cast<ProcessModule>().Any(module => module.ModuleName.Contains("onnxruntime", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Reads the version of the GenAI package that this assembly was built for.</summary>
    internal static string GenAIVersion() =>
        typeof(NativeRuntime).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == "GenAIVersion").Value ?? "";

    /// <summary>Reads the version of the native ONNX Runtime; <see langword="null"/> when there is none.</summary>
    internal static unsafe string? OnnxRuntimeVersion()
    {
        if (!NativeLibrary.TryLoad("onnxruntime", typeof(NativeRuntime).Assembly, null, out nint library))
        {
            return null;
        }

        if (!NativeLibrary.TryGetExport(library, "OrtGetApiBase", out nint getApiBase))
        {
            return null;
        }

        // onnxruntime_c_api.h: struct OrtApiBase { const OrtApi* (*GetApi)(uint32_t); const char* (*GetVersionString)(void); }
        nint* apiBase = ((delegate* unmanaged[Cdecl]<nint*>)getApiBase)();
        byte* version = ((delegate* unmanaged[Cdecl]<byte*>)apiBase[1])();
        return Marshal.PtrToStringUTF8((nint)version);
    }
}
