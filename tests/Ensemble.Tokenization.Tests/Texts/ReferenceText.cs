using System.Text.Json.Serialization;

namespace Ensemble.Tokenization.Tests.Texts;

/// <summary>A text and its token ids.</summary>
internal sealed record ReferenceText(
    string Text,
    [property: JsonPropertyName("o200k_base")] int[] O200kBase,
    [property: JsonPropertyName("cl100k_base")] int[] Cl100kBase)
{
    public int[] IdsIn(TokenEncoding encoding) => encoding.Name == "o200k_base" ? O200kBase : Cl100kBase;
}
