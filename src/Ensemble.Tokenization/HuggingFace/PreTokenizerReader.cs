using Ensemble.Tokenization.Splitting;

namespace Ensemble.Tokenization.HuggingFace;

/// <summary>Reads the section <c>pre_tokenizer</c> as one of the splitting rules that are known to the letter.</summary>
internal static class PreTokenizerReader
{
    // Expressions as published files write them; SplitRules says what each means.
    private static readonly Dictionary<string, SplitRules> Expressions = new()
    {
        [@"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"] = SplitRules.O200k,
        [@"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s"] = SplitRules.Cl100k,
        [@"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"] = SplitRules.Llama3,
        [@"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"] = SplitRules.Qwen2,
        [@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"] = SplitRules.Gpt2,
    };

    public static SplitRules Read(FileNode node)
    {
        if (node.IsNull)
        {
            throw node.Error("is missing: without ByteLevel this is no byte-level BPE. Count with the model's own tokenizer.");
        }

        FileNode[] steps = [.. Flatten(node)];
        return steps switch
        {
            [var bytes] when ReadsBytes(bytes) => UsesRegex(bytes) ? SplitRules.Gpt2 : throw RefuseWhole(bytes),
            [var digits, var bytes] when TypeOf(digits) == "Digits" && ReadsBytes(bytes) => ReadDigits(digits, bytes),
            [var split, var bytes] when TypeOf(split) == "Split" && ReadsBytes(bytes) => ReadSplit(split, bytes),
            _ => throw RefuseSequence(node, steps),
        };
    }

    private static IEnumerable<FileNode> Flatten(FileNode node) =>
        TypeOf(node) == "Sequence" ? node["pretokenizers"].Elements().SelectMany(Flatten) : [node];

    private static SplitRules ReadDigits(FileNode digits, FileNode bytes)
    {
        if (!digits["individual_digits"].Flag(missing: false))
        {
            throw digits["individual_digits"].Error("only true is supported: digits one by one. Count with the model's own tokenizer.");
        }

        return UsesRegex(bytes) ? SplitRules.Gpt2SingleDigits : throw RefuseWhole(bytes);
    }

    private static SplitRules ReadSplit(FileNode split, FileNode bytes)
    {
        if (UsesRegex(bytes))
        {
            throw bytes["use_regex"].Error("splitting twice, by Split and by ByteLevel's own expression, is not supported. Count with the model's own tokenizer.");
        }

        string behavior = split["behavior"].Text();
        bool invert = split["invert"].Flag(missing: false);
        if (!(behavior == "Isolated" && !invert) && !(behavior == "Removed" && invert))
        {
            throw split["behavior"].Error($"'{behavior}' with invert {(invert ? "true" : "false")} is not supported; Isolated without invert is. Count with the model's own tokenizer.");
        }

        FileNode pattern = split["pattern"]["Regex"];
        if (pattern.IsNull)
        {
            throw split["pattern"].Error("only a Regex is supported. Count with the model's own tokenizer.");
        }

        return Expressions.TryGetValue(pattern.Text(), out SplitRules? rules)
            ? rules
            : throw pattern.Error($"the expression {pattern.Text()} is none of those known: o200k_base, cl100k_base, Llama 3, Qwen 2, GPT-2. Count with the model's own tokenizer.");
    }

    private static bool ReadsBytes(FileNode node)
    {
        if (TypeOf(node) != "ByteLevel")
        {
            return false;
        }

        return node["add_prefix_space"].Flag(missing: true)
            ? throw node["add_prefix_space"].Error("a space that is put in front of the text is not supported. Count with the model's own tokenizer.")
            : true;
    }

    private static bool UsesRegex(FileNode bytes) => bytes["use_regex"].Flag(missing: true);

    private static string TypeOf(FileNode node) => node["type"].Text();

    private static TokenizerFileException RefuseWhole(FileNode bytes) =>
        bytes["use_regex"].Error("a text that is not split at all is not supported. Count with the model's own tokenizer.");

    private static TokenizerFileException RefuseSequence(FileNode node, FileNode[] steps)
    {
        foreach (FileNode step in steps)
        {
            if (TypeOf(step) is not ("ByteLevel" or "Digits" or "Split") and var type)
            {
                return step.Error($"the pre-tokenizer '{type}' is not supported; ByteLevel is, alone or after Digits or one Split. Count with the model's own tokenizer.");
            }
        }

        return node.Error($"the sequence {string.Join(", ", steps.Select(TypeOf))} is not supported; ByteLevel is, alone or after Digits or one Split. Count with the model's own tokenizer.");
    }
}
