using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ensemble.Onnx.Tests.Encoders;

/// <summary>Vocabularies of a dozen pieces in the files that published models have.</summary>
internal static class TinyTokenizers
{
    public static readonly string[] Words =
    [
        "[PAD]", "[UNK]", "[CLS]", "[SEP]", "hello", "world", "##s", "cafe", "a", "b", "##b", "+", "$", "5", "<", "=", "_", ".", "'", "中", "文", "good", "bad", "##ly", "[", "]", "sep", "##ness", "i",
    ];

    public static string VocabularyText => string.Join('\n', Words) + "\n";

    public static string BertProcessing => """{"type":"BertProcessing","sep":["[SEP]",3],"cls":["[CLS]",2]}""";

    public static string Template(string begin, int beginId, string end, int endId, bool doubled = false, int secondType = 1)
    {
        string mark(string name, int type) => $$$$"""{"SpecialToken":{"id":"{{{{name}}}}","type_id":{{{{type}}}}}}""";
        string text(string name, int type) => $$$$"""{"Sequence":{"id":"{{{{name}}}}","type_id":{{{{type}}}}}}""";
        string single = $"[{mark(begin, 0)},{text("A", 0)},{mark(end, 0)}]";
        string pair = $"[{mark(begin, 0)},{text("A", 0)},{mark(end, 0)},{(doubled ? mark(end, 0) + "," : "")}{text("B", secondType)},{mark(end, secondType)}]";
        return $$$$"""{"type":"TemplateProcessing","single":{{{{single}}}},"pair":{{{{pair}}}},"special_tokens":{"{{{{begin}}}}":{"id":"{{{{begin}}}}","ids":[{{{{beginId}}}}],"tokens":["{{{{begin}}}}"]},"{{{{end}}}}":{"id":"{{{{end}}}}","ids":[{{{{endId}}}}],"tokens":["{{{{end}}}}"]}}}""";
    }

    public static string WordPiece(string postProcessor, string normalizer = """{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":true}""", string preTokenizer = """{"type":"BertPreTokenizer"}""") =>
        $$$$"""
        {"added_tokens":[{"id":0,"content":"[PAD]","special":true}],"normalizer":{{{{normalizer}}}},"pre_tokenizer":{{{{preTokenizer}}}},"post_processor":{{{{postProcessor}}}},
         "model":{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##","max_input_chars_per_word":100,"vocab":{{{{JsonSerializer.Serialize(Words.Select((word, id) => (word, id)).ToDictionary(x => x.word, x => x.id))}}}}}}
        """;

    /// <summary>Byte-level BPE: <c>&lt;s&gt;</c> 0, <c>&lt;pad&gt;</c> 1, <c>&lt;/s&gt;</c> 2, the 256 bytes from 3 on, <c>he</c> 259, <c>ll</c> 260, <c>hell</c> 261, <c>hello</c> 262, <c>Ġhello</c> 263, two spaces as one plain token 264.</summary>
    public static string BytePair(string postProcessor)
    {
        JsonObject vocab = new() { ["<s>"] = 0, ["<pad>"] = 1, ["</s>"] = 2 };
        foreach (string letter in Alphabet())
        {
            vocab[letter] = vocab.Count;
        }

        string[] merges = ["h e", "l l", "he ll", "hell o", "Ġ hello"];
        foreach (string merge in merges)
        {
            vocab[merge.Replace(" ", "", StringComparison.Ordinal)] = vocab.Count;
        }

        string added(int id, string content, bool special) =>
            $$$$"""{"id":{{{{id}}}},"content":"{{{{content}}}}","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":{{{{(special ? "true" : "false")}}}}}""";
        return $$$$"""
            {"added_tokens":[{{{{added(0, "<s>", true)}}}},{{{{added(1, "<pad>", true)}}}},{{{{added(2, "</s>", true)}}}},{{{{added(264, "  ", false)}}}}],"normalizer":{"type":"NFC"},
             "pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true},"post_processor":{{{{postProcessor}}}},
             "model":{"type":"BPE","dropout":null,"unk_token":null,"continuing_subword_prefix":"","end_of_word_suffix":"","fuse_unk":false,"vocab":{{{{vocab.ToJsonString()}}}},"merges":{{{{JsonSerializer.Serialize(merges)}}}}}}
            """;
    }

    /// <summary>A SentencePiece Unigram file (sentencepiece_model.proto) of these words behind a head of control pieces.</summary>
    public static byte[] SentencePiece(string[] head, string[] words)
    {
        ProtobufWriter model = new();
        foreach (string name in head)
        {
            model.Message(1, piece => piece.Text(1, name).Float(2, 0).Number(3, name == "<unk>" ? 2 : 3));
        }

        foreach (string word in words)
        {
            model.Message(1, piece => piece.Text(1, word).Float(2, -1 - word.Length * 0.01f));
        }

        int Id(string name) => Array.IndexOf(head, name);
        return model
            .Message(2, trainer => trainer.Number(3, 1).Number(4, head.Length + words.Length).Number(40, Id("<unk>")).Number(41, Id("<s>")).Number(42, Id("</s>")).Number(43, Id("<pad>")).Text(45, "<unk>").Text(46, "<s>").Text(47, "</s>").Text(48, "<pad>"))
            .Message(3, normalizer => normalizer.Text(1, "identity").Number(3, 1).Number(4, 1).Number(5, 1))
            .ToArray();
    }

    // GPT-2's alphabet: printable bytes are themselves, the others follow from U+0100 on.
    private static IEnumerable<string> Alphabet()
    {
        int next = 256;
        for (int value = 0; value < 256; value++)
        {
            bool isPrintable = value is (>= 33 and <= 126) or (>= 161 and <= 172) or (>= 174 and <= 255);
            yield return ((char)(isPrintable ? value : next++)).ToString();
        }
    }
}
