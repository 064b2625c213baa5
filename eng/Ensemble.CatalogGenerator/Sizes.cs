namespace Ensemble.CatalogGenerator;

/// <summary>Parameters in billions where they are published, and a class by name where they are not.</summary>
public static class Sizes
{
    /// <summary>A part of the id, the active and the total parameters from the vendor's model card.</summary>
    private static readonly (string Part, double Active, double Total)[] Published =
    [
        ("gpt-oss-120b", 5.1, 117),
        ("gpt-oss-20b", 3.6, 21),
        ("gpt-oss-safeguard-20b", 3.6, 21),
        ("lama-3.3-70b", 70, 70),
        ("lama-3.1-70b", 70, 70),
        ("lama3.1-70b", 70, 70),
        ("lama-3.1-8b", 8, 8),
        ("lama3.1-8b", 8, 8),
        ("gemma-3-27b", 27, 27),
        ("gemma-4-31b", 31, 31),
        ("gemma-4-26b-a4b", 4, 26),
        ("qwen-3-32b", 33, 33),
        ("open-mistral-nemo", 12, 12),
        ("ministral-3b", 3, 3),
        ("ministral-3-3b", 3, 3),
        ("ministral-8b", 8, 8),
        ("ministral-3-8b", 8, 8),
        ("ministral-14b", 14, 14),
        ("ministral-3-14b", 14, 14),
        ("deepseek-r1", 37, 671),
        ("deepseek-v3", 37, 671),
        ("kimi-k2", 32, 1000),
        ("glm-4.5-air", 12, 106),
        ("glm-4.5", 32, 355),
        ("glm-4.6", 32, 355),
        ("command-r7b", 8, 8),
        ("command-r-plus", 104, 104),
        ("command-r", 32, 32),
        ("command-a-03", 111, 111),
        ("jamba-large", 94, 398),
        ("jamba-mini", 12, 52),
        ("MiniMax-M2", 10, 230),
    ];

    /// <summary>Words that vendors use for the size of closed models, from small to large; the first that occurs counts.</summary>
    private static readonly (string Word, string Class)[] Words =
    [
        ("nano", "small"),
        ("flash-lite", "small"),
        ("haiku", "medium"),
        ("mini", "medium"),
        ("small", "medium"),
        ("flash", "medium"),
        ("tiny", "small"),
        ("gpt-3.5", "medium"),
        ("fast", "medium"),
        ("luna", "medium"),
        ("opus", "huge"),
        ("mythos", "huge"),
        ("gpt-4-", "huge"),
    ];

    public static (double Active, double Total)? PublishedOf(string id)
    {
        foreach ((string part, double active, double total) in Published)
        {
            if (id.Contains(part, StringComparison.OrdinalIgnoreCase))
            {
                return (active, total);
            }
        }

        return null;
    }

    public static string ClassOf(string id)
    {
        if (PublishedOf(id) is { } published)
        {
            return published.Active switch { <= 4 => "tiny", <= 20 => "small", <= 80 => "medium", <= 300 => "large", _ => "huge" };
        }

        // "gemini" and "minimax" contain "mini", which is not a size there.
        string name = id.Replace("gemini", string.Empty, StringComparison.Ordinal).Replace("minimax", string.Empty, StringComparison.OrdinalIgnoreCase);
        foreach ((string word, string size) in Words)
        {
            if (name.Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                return size;
            }
        }

        return "large";
    }
}
