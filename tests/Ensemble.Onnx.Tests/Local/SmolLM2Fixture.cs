using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Ensemble.Onnx.Tests.Local;

/// <summary>What an independent loop gave for the shipped model.</summary>
internal sealed record SmolLM2Fixture(SmolLM2Fixture.Conversation[] Chat, SmolLM2Fixture.Likelihood[] LogLikelihood, SmolLM2Fixture.Encoding[] Tokenizer)
{
    public static SmolLM2Fixture Read([CallerFilePath] string here = "")
    {
        string path = Path.GetFullPath(Path.Combine(here, "../../../../src/Ensemble.Models.SmolLM2/model/fixtures.json"));
        return JsonSerializer.Deserialize<SmolLM2Fixture>(File.ReadAllBytes(path), TinyModel.SnakeCase)!;
    }

    public sealed record Message(string Role, string Content);

    public sealed record Conversation(Message[] Messages, int[] PromptIds, int[] GreedyIds, float[] Gaps);

    public sealed record Likelihood(int[] Ids, double Total);

    public sealed record Encoding(string Text, int[] Ids);
}
