namespace Ensemble.Onnx.Tests.Encoders;

/// <summary>A folder with an encoder of a few numbers, so that a test computes by hand what must come out.</summary>
/// <remarks>A token's vector is a row of <see cref="Vector"/>, plus one for its type where the graph has types; padding has a large vector, so that whoever lets it in shows.</remarks>
internal sealed class TinyEncoder : IDisposable
{
    public const int Width = 4;

    private const int Rows = 400;

    public string Folder { get; } = Directory.CreateTempSubdirectory("ensemble-encoder-").FullName;

    public static float[] Vector(int id, int type = 0) =>
        [.. Enumerable.Range(0, Width).Select(k => (float)((id * 7 + k * k * 3 + id * k) % 11 - 5) + type * (k + 0.5f))];

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    public TinyEncoder With(string file, string content)
    {
        string path = Path.Combine(Folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return this;
    }

    public TinyEncoder With(string file, byte[] content)
    {
        File.WriteAllBytes(Path.Combine(Folder, file), content);
        return this;
    }

    /// <summary>Writes a graph.</summary>
    /// <param name="output"><c>last_hidden_state</c> or <c>token_embeddings</c>, <c>sentence_embedding</c> (the mean over the mask), or <c>logits</c> (a matrix after the mean).</param>
    /// <param name="labels">How many logits there are.</param>
    /// <param name="types">Whether it has the input <c>token_type_ids</c>.</param>
    /// <param name="narrow">Whether its inputs are int32.</param>
    /// <param name="file">The file.</param>
    /// <param name="openWidth">Whether the graph leaves the width of its output open.</param>
    public TinyEncoder WithModel(string output, int labels = 0, bool types = false, bool narrow = false, string file = "model.onnx", bool openWidth = false)
    {
        OnnxGraph graph = new();
        int ids = narrow ? OnnxGraph.Int32Type : OnnxGraph.Int64Type;
        graph.Input("input_ids", ids, 0, 0).Input("attention_mask", ids, 0, 0);
        float[] table = [.. Enumerable.Range(0, Rows).SelectMany(id => Vector(id))];
        bool isPerToken = output is "last_hidden_state" or "token_embeddings";
        string hidden = graph.Node("Gather", [graph.Constant(table, Rows, Width), "input_ids"]);
        if (types)
        {
            graph.Input("token_type_ids", ids, 0, 0);
            float[] step = [.. Enumerable.Range(0, 2).SelectMany(type => Vector(0, type).Zip(Vector(0), (a, b) => a - b))];
            hidden = graph.Node("Add", [hidden, graph.Node("Gather", [graph.Constant(step, 2, Width), "token_type_ids"])]);
        }

        if (isPerToken)
        {
            // Compress keeps every number here, and the runtime does not see how many that are.
            string all = graph.Node("Cast", [graph.Constant([1L, 1, 1, 1])], null, ("to", OnnxGraph.BooleanType));
            _ = openWidth ? graph.Node("Compress", [hidden, all], output, ("axis", 2)) : graph.Node("Identity", [hidden], output);
            graph.Output(output, OnnxGraph.FloatType, 0, 0, openWidth ? 0 : Width);
        }
        else
        {
            string mask = graph.Node("Cast", ["attention_mask"], null, ("to", OnnxGraph.FloatType));
            string column = graph.Node("Unsqueeze", [mask, graph.Constant([-1L])]);
            string sum = graph.Node("ReduceSum", [graph.Node("Mul", [hidden, column]), graph.Constant([1L])], null, ("keepdims", 0));
            string count = graph.Node("ReduceSum", [mask, graph.Constant([1L])], null, ("keepdims", 1));
            string mean = graph.Node("Div", [sum, count], labels > 0 ? null : output);
            if (labels > 0)
            {
                graph.Node("MatMul", [mean, graph.Constant(Head(labels), Width, labels)], output);
            }

            graph.Output(output, OnnxGraph.FloatType, 0, openWidth ? 0 : labels > 0 ? labels : Width);
        }

        string path = Path.Combine(Folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        graph.Save(path);
        return this;
    }

    /// <summary>The mean of the vectors of some ids; those from <paramref name="secondFrom"/> on are of the second type.</summary>
    public static double[] Mean(int[] ids, int secondFrom = int.MaxValue) =>
        [.. Enumerable.Range(0, Width).Select(k => ids.Select((id, i) => (double)Vector(id, i >= secondFrom ? 1 : 0)[k]).Average())];

    /// <summary>The logits that follow from the mean.</summary>
    public static double[] Logits(double[] mean, int labels) =>
        [.. Enumerable.Range(0, labels).Select(label => Enumerable.Range(0, Width).Sum(k => mean[k] * Head(labels)[k * labels + label]))];

    public static double[] Unit(double[] vector)
    {
        double length = Math.Sqrt(vector.Sum(x => x * x));
        return [.. vector.Select(x => x / length)];
    }

    private static float[] Head(int labels) => [.. Enumerable.Range(0, Width * labels).Select(i => (i * 5 % 7 - 3) / 4f)];
}
