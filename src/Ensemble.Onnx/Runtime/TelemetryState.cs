namespace Ensemble.Onnx;

/// <summary>Says whether the native runtimes may send telemetry from this process.</summary>
public enum TelemetryState
{
    /// <summary>Telemetry was turned off before a runtime could load: no socket is opened.</summary>
    Off = 0,

    /// <summary>The application asked to keep it, by the switch <c>Ensemble.Onnx.KeepRuntimeTelemetry</c> or its environment variable.</summary>
    KeptOn,

    /// <summary>A runtime was loaded before this package and had not been told to be silent; set <c>ORT_DISABLE_TELEMETRY=1</c> in the environment of the process.</summary>
    LoadedBefore,
}
