namespace Ensemble.Tokenization.Models;

/// <summary>Which models use which of OpenAI's encodings, as published with tiktoken 0.14 (2026-11).</summary>
internal static class ModelEncodings
{
    private const string FineTunedPrefix = "ft:";
    private const string Publisher = "openai";

    // A family is the name alone or the name and what follows a hyphen or a dot: sizes, versions, dates. The longest matching family decides.
    private static readonly (string Family, Encoding Encoding)[] Families =
    [
        ("gpt-5", Encoding.O200k),
        ("gpt-4.5", Encoding.O200k),
        ("gpt-4.1", Encoding.O200k),
        ("gpt-4o", Encoding.O200k),
        ("chatgpt-4o", Encoding.O200k),
        ("gpt-oss", Encoding.O200k),
        ("o1", Encoding.O200k),
        ("o3", Encoding.O200k),
        ("o4", Encoding.O200k),
        ("codex-mini", Encoding.O200k),
        ("gpt-4", Encoding.Cl100k),
        ("gpt-3.5", Encoding.Cl100k),
        ("gpt-35", Encoding.Cl100k),
        ("davinci-002", Encoding.Cl100k),
        ("babbage-002", Encoding.Cl100k),
        ("text-embedding-3", Encoding.Cl100k),
        ("text-embedding-ada-002", Encoding.Cl100k),
    ];

    private enum Encoding
    {
        O200k,
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
        && (name.Length == family.Length || (name[family.Length] is '-' or '.' && name.Length > family.Length + 1));
}
