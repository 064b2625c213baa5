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

    /// <summary>Reads the version of the managed GenAI package.</summary>
    internal static string GenAIVersion()
    {
        Assembly assembly = typeof(Microsoft.ML.OnnxRuntimeGenAI.Model).Assembly;
        string version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? assembly.GetName().Version?.ToString() ?? "unknown";
        int build = version.IndexOf('+', StringComparison.Ordinal);
        return build < 0 ? version : version[..build];
    }

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
