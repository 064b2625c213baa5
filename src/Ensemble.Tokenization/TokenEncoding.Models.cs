using System.Diagnostics.CodeAnalysis;
using Ensemble.Tokenization.Models;

namespace Ensemble.Tokenization;

public sealed partial class TokenEncoding
{
    /// <summary>The encoding of one of OpenAI's models by its name, such as <c>gpt-5-mini</c>, <c>openai/gpt-4o-2024-08-06</c> or <c>text-embedding-3-small</c>.</summary>
    /// <remarks>The table is of November 2026 (tiktoken 0.14). Sizes, versions and dates behind a family's name and a hyphen do not matter. The names of Azure deployments are never guessed.</remarks>
    /// <param name="model">The model's name; upper and lower case are the same.</param>
    /// <exception cref="ArgumentException">The model is not in the table.</exception>
    public static TokenEncoding ForModel(string model) => TryForModel(model, out TokenEncoding? encoding)
        ? encoding
        : throw new ArgumentException(
            $"No encoding is known for the model '{model}'. Name the encoding (o200k_base, cl100k_base), or load the model's own tokenizer.json with TokenEncoding.FromHuggingFace.",
            nameof(model));

    /// <summary>The encoding of one of OpenAI's models by its name, if it is in the table; see <see cref="ForModel"/>.</summary>
    /// <param name="model">The model's name; upper and lower case are the same.</param>
    /// <param name="encoding">The encoding.</param>
    public static bool TryForModel(string model, [NotNullWhen(true)] out TokenEncoding? encoding)
    {
        ArgumentNullException.ThrowIfNull(model);
        encoding = ModelEncodings.Find(model);
        return encoding is not null;
    }

    /// <summary>An encoding by its own name.</summary>
    /// <param name="name"><c>o200k_base</c>, <c>o200k_harmony</c> or <c>cl100k_base</c>.</param>
    /// <exception cref="ArgumentException">There is no encoding of this name.</exception>
    public static TokenEncoding ForName(string name) => name switch
    {
        "o200k_base" => O200kBase,
        "o200k_harmony" => O200kHarmony,
        "cl100k_base" => Cl100kBase,
        _ => throw new ArgumentException($"There is no encoding '{name}'. There are o200k_base, o200k_harmony and cl100k_base; others are loaded with TokenEncoding.FromHuggingFace.", nameof(name)),
    };
}
