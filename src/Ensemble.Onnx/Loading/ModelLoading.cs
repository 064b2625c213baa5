using System.Globalization;
using Microsoft.ML.OnnxRuntimeGenAI;

namespace Ensemble.Onnx;

/// <summary>Makes the native model of a folder, on the execution provider that is wished and there.</summary>
internal static class ModelLoading
{
    /// <summary>Loads the weights and says on which provider.</summary>
    /// <exception cref="ModelLoadException">A provider was asked for by name, and this runtime has none of that name.</exception>
    internal static (Model Model, string Provider) Load(ModelFolder folder, SessionSettings settings)
    {
        if (settings.Provider is { } wished)
        {
            ExecutionProviders.Require(wished);
            return (Make(folder, settings, [wished]), wished);
        }

        // What the exporter wrote down stands first; a device that is not there, or whose driver is not, leaves the processor.
        string[] there = [.. folder.Config.Providers.Where(ExecutionProviders.IsAvailable)];
        if (there.Length > 0)
        {
            try
            {
                return (Make(folder, settings, there), there[0]);
            }
            catch (OnnxRuntimeGenAIException)
            {
                // Tried again on the processor, whose error, if it fails too, is the one that tells about the model.
            }
        }

        return (Make(folder, settings, []), ExecutionProviders.Processor);
    }

    private static Model Make(ModelFolder folder, SessionSettings settings, string[] providers)
    {
        using Config config = new(folder.Path);
        if (!providers.SequenceEqual(folder.Config.Providers))
        {
            config.ClearProviders();
            foreach (string provider in providers.Where(provider => provider != ExecutionProviders.Processor))
            {
                config.AppendProvider(provider);
            }
        }

        if (!folder.Config.SetsLogSeverity)
        {
            // Otherwise it is as loud as whoever made the runtime's environment: after an embedding model, each load warns on standard error of how the graph was exported.
            config.Overlay(Session("\"log_severity_level\":3"));
        }

        if (settings.Threads is { } threads)
        {
            config.Overlay(Session("\"intra_op_num_threads\":" + threads.ToString(CultureInfo.InvariantCulture)));
        }

        if (settings.AllowSpinning is { } spin)
        {
            config.Overlay(Session("\"session.intra_op.allow_spinning\":\"" + (spin ? "1" : "0") + "\""));
        }

        if (folder.Config.Window is { } window)
        {
            config.Overlay(window.KeepEverything(folder.Config.ContextLength));
        }

        byte[]? changed = settings.AllLogits == true ? null : LastLogits.TryRead(Path.Combine(folder.Path, folder.Config.DecoderFile));
        if (changed is not null)
        {
            config.AddModelData(folder.Config.DecoderFile, changed);
        }

        Model model = new(config);
        GC.KeepAlive(changed);
        return model;
    }

    private static string Session(string option) => """{"model":{"decoder":{"session_options":{""" + option + "}}}}";
}
