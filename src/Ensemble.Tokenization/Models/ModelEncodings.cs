namespace Ensemble.Tokenization.Models;

/// <summary>Which models use which of OpenAI's encodings, as published with tiktoken 0.14 (2026-11).</summary>
internal static class ModelEncodings
{
    private const string FineTunedPrefix = "ft:";
    private const string Publisher = "openai";

    // A family is the name alone or the name and what follows a hyphen: sizes, versions, dates. Of GPT-5 also what follows a dot, its later versions.
    // The longest matching family decides. Beside each the day on which its first model was published.
    private static readonly (string Family, Encoding Encoding)[] Families =
    [
        ("gpt-5.", Encoding.O200k), // 2025-11-12
        ("gpt-5", Encoding.O200k), // 2025-08-07
        ("gpt-oss", Encoding.Harmony), // 2025-08-05
        ("codex-mini", Encoding.O200k), // 2025-05-16
        ("o4", Encoding.O200k), // 2025-04-16
        ("gpt-4.1", Encoding.O200k), // 2025-04-14
        ("gpt-4.5", Encoding.O200k), // 2025-02-27
        ("o3", Encoding.O200k), // 2025-01-31
        ("o1", Encoding.O200k), // 2024-09-12
        ("chatgpt-4o", Encoding.O200k), // 2024-08-14
        ("gpt-4o", Encoding.O200k), // 2024-05-13
        ("text-embedding-3", Encoding.Cl100k), // 2024-01-25
        ("davinci-002", Encoding.Cl100k), // 2023-08-22
        ("babbage-002", Encoding.Cl100k), // 2023-08-22
        ("gpt-4", Encoding.Cl100k), // 2023-03-14
        ("gpt-3.5", Encoding.Cl100k), // 2023-03-01
        ("gpt-35", Encoding.Cl100k), // 2023-03-01, as Azure spells it
        ("text-embedding-ada-002", Encoding.Cl100k), // 2022-12-15
    ];

    private enum Encoding
    {
        O200k,
        Harmony,
        Cl100k,
    }

    /// <summary>The encoding of a model; null for one that is not in the table.</summary>
    public static TokenEncoding? Find(string model)
    {
        string name = Bare(model);
        Encoding? best = null;
        int longest = 0;
        foreach ((string family, Encoding encoding) in Families)
        {
            if (family.Length > longest && Matches(name, family))
            {
                (best, longest) = (encoding, family.Length);
            }
        }

        return best switch
        {
            Encoding.O200k => TokenEncoding.O200kBase,
            Encoding.Harmony => TokenEncoding.O200kHarmony,
            Encoding.Cl100k => TokenEncoding.Cl100kBase,
            _ => null,
        };
    }

    // A gateway's "openai/gpt-5" and "openrouter/openai/gpt-5" name the model; "azure/anything" names a deployment, which may be any model.
    private static string Bare(string model)
    {
        int slash = model.LastIndexOf('/');
        string prefix = slash < 0 ? Publisher : model[..slash];
        string name = prefix.Split('/')[^1].Equals(Publisher, StringComparison.OrdinalIgnoreCase) ? model[(slash + 1)..] : model;
        if (name.StartsWith(FineTunedPrefix, StringComparison.OrdinalIgnoreCase))
        {
            name = name[FineTunedPrefix.Length..].Split(':')[0];
        }

        return name;
    }

    private static bool Matches(string name, string family) =>
        name.StartsWith(family, StringComparison.OrdinalIgnoreCase)
        && (name.Length == family.Length ? family[^1] != '.' : family[^1] == '.' || (name[family.Length] == '-' && name.Length > family.Length + 1));
}
