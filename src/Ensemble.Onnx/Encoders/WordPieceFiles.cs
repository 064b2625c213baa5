using System.Text.Json;

namespace Ensemble.Onnx;

/// <summary>Reads a WordPiece vocabulary from <c>tokenizer.json</c> or <c>vocab.txt</c>, with what the folder says of case and accents.</summary>
internal static class WordPieceFiles
{
    /// <summary>Reads a <c>tokenizer.json</c> of the type WordPiece.</summary>
    /// <exception cref="ModelLoadException">A part of it cannot be followed.</exception>
    internal static WordPieces Read(EncoderJson file, EncoderFolder folder)
    {
        JsonElement model = file.Find("model")!.Value;
        RequireType(file, "normalizer", "BertNormalizer");
        RequireType(file, "pre_tokenizer", "BertPreTokenizer");
        RefuseAddedText(file);
        JsonElement normalizer = file.Find("normalizer")!.Value;
        if (EncoderJson.Find(normalizer, "clean_text") is { ValueKind: JsonValueKind.False })
        {
            throw file.Error("normalizer.clean_text", "false", "text that is not cleaned is not supported; use a model whose tokenizer has it true");
        }

        try
        {
            Dictionary<string, int> ids = new(StringComparer.Ordinal);
            foreach (JsonProperty entry in model.GetProperty("vocab").EnumerateObject())
            {
                ids[entry.Name] = entry.Value.GetInt32();
            }

            // As the platform that models are made on does it: tokenizer_config.json is the last word.
            EncoderJson? said = folder.TokenizerConfig;
            bool lowers = said?.Flag("do_lower_case") ?? normalizer.GetProperty("lowercase").GetBoolean();
            bool? strips = said?.Flag("strip_accents") ?? (EncoderJson.Find(normalizer, "strip_accents") is { } flag ? flag.GetBoolean() : null);
            bool splits = said?.Flag("tokenize_chinese_chars") ?? EncoderJson.Find(normalizer, "handle_chinese_chars") is not { ValueKind: JsonValueKind.False };
            string prefix = EncoderJson.Find(model, "continuing_subword_prefix")?.GetString() ?? "##";
            int longest = EncoderJson.Find(model, "max_input_chars_per_word")?.GetInt32() ?? 100;
            return Make(file.Path, ids, Words(file.Path, lowers, strips, splits), EncoderJson.Find(model, "unk_token")?.GetString() ?? "[UNK]", prefix, longest);
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new ModelLoadException($"'{file.Path}' is no tokenizer.json that can be followed: {e.Message} Copy the file again from the model's folder.", e) { Path = file.Path };
        }
    }

    /// <summary>Reads a <c>vocab.txt</c>, one piece a line.</summary>
    /// <exception cref="ModelLoadException">The folder does not say how text is read, or a piece stands there twice.</exception>
    internal static WordPieces Read(string path, EncoderFolder folder)
    {
        if (folder.TokenizerConfig?.Flag("do_lower_case") is not { } lowers)
        {
            throw new ModelLoadException(
                $"'{path}' is there without a tokenizer.json or a tokenizer_config.json with do_lower_case, so that nothing says whether the case of text is lowered: copy one of them from the model's folder.")
            { Path = path };
        }

        Dictionary<string, int> ids = new(StringComparer.Ordinal);
        string[] lines = File.ReadAllLines(path);
        for (int id = 0; id < lines.Length; id++)
        {
            if (!ids.TryAdd(lines[id], id))
            {
                throw new ModelLoadException($"'{path}' has the piece '{lines[id]}' in the lines {ids[lines[id]] + 1} and {id + 1}: copy the file again from the model's folder.") { Path = path };
            }
        }

        BertWords words = Words(path, lowers, folder.TokenizerConfig.Flag("strip_accents"), folder.TokenizerConfig.Flag("tokenize_chinese_chars") ?? true);
        return Make(path, ids, words, SpecialNames.Find(folder, "unk_token") ?? "[UNK]", "##", 100);
    }

    private static BertWords Words(string path, bool lowers, bool? strips, bool splits)
    {
        // BERT's rule: text without case is text without accents, unless a file says otherwise.
        bool stripsAccents = strips ?? lowers;
        return !stripsAccents || BertWords.CanStripAccents ? new BertWords(lowers, stripsAccents, splits) : throw new ModelLoadException(
            $"'{path}' wants text without accents, and this process cannot decompose text: publish the application without InvariantGlobalization.")
        { Path = path };
    }

    private static WordPieces Make(string path, Dictionary<string, int> ids, BertWords words, string unknown, string prefix, int longest) =>
        ids.TryGetValue(unknown, out int id) ? new WordPieces(ids, words, id, prefix, longest)
            : throw new ModelLoadException($"'{path}' has no piece '{unknown}' for unknown words: copy the tokenizer's files again from the model's folder.") { Path = path };

    private static void RequireType(EncoderJson file, string section, string type)
    {
        JsonElement? found = file.Find(section);
        if (found is not { } value || EncoderJson.Find(value, "type") is not { ValueKind: JsonValueKind.String } name || name.GetString() != type)
        {
            throw file.Error(section, found, $"of WordPiece models only those with {type} can be followed");
        }
    }

    // Control tokens are never found in text; a word that was added is, and is none of the pieces.
    private static void RefuseAddedText(EncoderJson file)
    {
        foreach (JsonElement token in file.Find("added_tokens") is { ValueKind: JsonValueKind.Array } tokens ? tokens.EnumerateArray() : [])
        {
            if (EncoderJson.Find(token, "special") is not { ValueKind: JsonValueKind.True })
            {
                throw file.Error("added_tokens", token, "words that were added to a WordPiece vocabulary are not supported; use a model without them");
            }
        }
    }
}
