using System.Numerics.Tensors;
using System.Text.Json;

namespace Ensemble.Onnx;

/// <summary>Makes one vector of length 1 of what a model computed for a text.</summary>
internal static class Pooling
{
    /// <summary>Reads how a folder of Sentence Transformers' layout pools; the mean where it does not say it.</summary>
    /// <exception cref="ModelLoadException">It pools in a way that is not supported, or does more than pool.</exception>
    internal static PoolingMode Read(EncoderFolder folder)
    {
        RefuseOtherModules(folder);
        if (folder.ReadJson(Path.Combine("1_Pooling", "config.json")) is not { } file)
        {
            return PoolingMode.Mean;
        }

        if (file.Flag("include_prompt") is false)
        {
            throw file.Error("include_prompt", "false", "pooling without the prompt is not supported; use a model that pools over all tokens");
        }

        // One name, as newer versions write it, or a switch for each.
        string[] modes = file.Text("pooling_mode") is { } name ? [name] : [.. file.Names("pooling_mode_").Where(mode => file.Flag(mode) is true)];
        return modes switch
        {
            ["mean" or "pooling_mode_mean_tokens"] => PoolingMode.Mean,
            ["cls" or "pooling_mode_cls_token"] => PoolingMode.First,
            ["max" or "pooling_mode_max_tokens"] => PoolingMode.Max,
            _ => throw file.Error("pooling_mode", modes.Length == 0 ? "none" : string.Join(" + ", modes), "one of mean, cls and max is supported; use a model that pools so, or export it with its pooling inside (sentence_embedding)"),
        };
    }

    /// <summary>Pools and normalises.</summary>
    /// <param name="values">The numbers of the tokens one after another, or of the text.</param>
    /// <param name="width">How many numbers a vector has.</param>
    /// <param name="mode">How they become one.</param>
    internal static float[] Pool(ReadOnlySpan<float> values, int width, PoolingMode mode)
    {
        float[] vector = values[..width].ToArray();
        for (int start = width; mode != PoolingMode.First && start < values.Length; start += width)
        {
            ReadOnlySpan<float> token = values.Slice(start, width);
            if (mode == PoolingMode.Mean)
            {
                TensorPrimitives.Add(vector, token, vector);
            }
            else
            {
                TensorPrimitives.Max(vector, token, vector);
            }
        }

        // The mean and the sum have one direction.
        float length = TensorPrimitives.Norm<float>(vector);
        if (length > 0)
        {
            TensorPrimitives.Divide(vector, length, vector);
        }

        return vector;
    }

    private static void RefuseOtherModules(EncoderFolder folder)
    {
        string path = Path.Combine(folder.Path, "modules.json");
        if (!File.Exists(path))
        {
            return;
        }

        try
        {
            using JsonDocument modules = JsonDocument.Parse(File.ReadAllBytes(path));
            foreach (JsonElement module in modules.RootElement.EnumerateArray())
            {
                string type = module.GetProperty("type").GetString()!;
                if (type[(type.LastIndexOf('.') + 1)..] is not ("Transformer" or "Pooling" or "Normalize"))
                {
                    throw new ModelLoadException($"'{path}' has the module {type} behind the encoder, which the graph's outputs lack: export the model with all of it inside (sentence_embedding).") { Path = path };
                }
            }
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new ModelLoadException($"'{path}' is no list of modules: {e.Message} Copy the file again from the model's folder.", e) { Path = path };
        }
    }
}
