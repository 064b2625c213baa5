using System.Text.Json;

namespace Ensemble.Onnx;

/// <summary>Reads the section <c>post_processor</c> of a <c>tokenizer.json</c>: the marks that a model wants around its texts.</summary>
internal static class PostProcessor
{
    /// <summary>Reads the section.</summary>
    /// <exception cref="ModelLoadException">It is missing or says what cannot be followed.</exception>
    internal static InputTemplate Read(EncoderJson file)
    {
        JsonElement section = file.Find("post_processor") ?? throw Refuse(file, null);
        try
        {
            return Read(file, section);
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException or IndexOutOfRangeException)
        {
            throw Refuse(file, section);
        }
    }

    private static InputTemplate Read(EncoderJson file, JsonElement section)
    {
        switch (section.GetProperty("type").GetString())
        {
            case "BertProcessing":
                return InputTemplate.Bert(IdOf(section.GetProperty("cls")), IdOf(section.GetProperty("sep")));
            case "RobertaProcessing":
                return InputTemplate.Roberta(IdOf(section.GetProperty("cls")), IdOf(section.GetProperty("sep")));
            case "TemplateProcessing":
                JsonElement marks = section.GetProperty("special_tokens");
                InputTemplate.Part[] single = ReadParts(section.GetProperty("single"), marks);
                InputTemplate.Part[]? pair = EncoderJson.Find(section, "pair") is { } parts ? ReadParts(parts, marks) : null;
                return IsSound(single, [1]) && (pair is null || IsSound(pair, [1, 2])) ? new InputTemplate(single, pair) : throw Refuse(file, section);
            case "Sequence":
                // ByteLevel only moves offsets.
                JsonElement[] others = [.. section.GetProperty("processors").EnumerateArray().Where(processor => processor.GetProperty("type").GetString() != "ByteLevel")];
                return others.Length == 1 ? Read(file, others[0]) : throw Refuse(file, section);
            default:
                throw Refuse(file, section);
        }
    }

    private static int IdOf(JsonElement nameAndId) => nameAndId[1].GetInt32();

    private static InputTemplate.Part[] ReadParts(JsonElement parts, JsonElement marks)
    {
        List<InputTemplate.Part> read = [];
        foreach (JsonElement part in parts.EnumerateArray())
        {
            if (EncoderJson.Find(part, "Sequence") is { } text)
            {
                read.Add(new InputTemplate.Part(0, text.GetProperty("id").GetString() == "A" ? 1 : 2, text.GetProperty("type_id").GetInt32()));
                continue;
            }

            JsonElement mark = part.GetProperty("SpecialToken");
            foreach (JsonElement id in marks.GetProperty(mark.GetProperty("id").GetString()!).GetProperty("ids").EnumerateArray())
            {
                read.Add(InputTemplate.Part.Mark(id.GetInt32(), mark.GetProperty("type_id").GetInt32()));
            }
        }

        return [.. read];
    }

    // Each text once and in order, and types that go from 0 to 1 and not back.
    private static bool IsSound(InputTemplate.Part[] parts, int[] texts)
    {
        int[] types = [.. parts.Select(part => part.Type)];
        return parts.Where(part => part.Text > 0).Select(part => part.Text).SequenceEqual(texts) && Array.TrueForAll(types, type => type is 0 or 1) && types.SequenceEqual(types.Order());
    }

    private static ModelLoadException Refuse(EncoderJson file, JsonElement? found) => file.Error(
        "post_processor", found, "BertProcessing, RobertaProcessing or TemplateProcessing with one or two texts can be followed; export the tokenizer again with AutoTokenizer.from_pretrained(…, use_fast=True).save_pretrained(…)");
}
