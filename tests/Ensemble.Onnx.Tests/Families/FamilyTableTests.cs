using Ensemble.Onnx.Tests.Docs;
using Ensemble.Onnx.Tests.Local;
using Ensemble.Tokenization;

namespace Ensemble.Onnx.Tests.Families;

/// <summary>The page's table of families: what the loaded models say of themselves, and what <see cref="FamilyBehaviourTests"/> tries with each of them.</summary>
internal sealed class FamilyTableTests
{
    [Test]
    public async Task Families_TableOfThePage_IsWhatTheModelsSay()
    {
        List<string> rows =
        [
            "| layout (test model) | runtime's type | answers, streams, scores, JSON of a schema | keeps prefixes, rewinds | to know | tokens counted without the runtime |",
            "|---|---|---|---|---|---|",
        ];
        foreach (string name in TinyModel.All)
        {
            using LocalChatClient client = TinyModel.Client(name);
            LocalModelInfo info = await client.LoadAsync();
            ModelFolder folder = ModelFolder.Open(TinyModel.Folder(name));
            LocalModelCapabilities found = info.Capabilities!;
            string kept = found.CanRewind ? folder.RopeLimit is null ? "yes" : "yes, on one side of the limit" : "no";
            rows.Add($"| {name} | {info.Architecture} | {(found.CanAppend && found.AllLogits ? "yes" : "in part")} | {kept} | {Remark(folder, info)} | {(client.GetService(typeof(TokenEncoding)) is null ? "no" : "yes")} |");
        }

        PageTable.Check("families", rows);
    }

    private static string Remark(ModelFolder folder, LocalModelInfo info) => string.Join("; ", Remarks(folder, info));

    private static IEnumerable<string> Remarks(ModelFolder folder, LocalModelInfo info)
    {
        if (folder.Config.Window is { } window)
        {
            yield return $"window of {window.Size}: its cache keeps every position";
        }

        if (folder.RopeLimit is { } limit)
        {
            yield return $"long rope: read again at {limit} tokens; a score across them is refused";
        }

        if (info.Adapters.Count > 0)
        {
            yield return "LoRA adapter";
        }

        if (folder.Config.EndIds.Count > 2)
        {
            yield return $"{folder.Config.EndIds.Count} end ids";
        }
    }
}
