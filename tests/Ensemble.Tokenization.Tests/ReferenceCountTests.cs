using System.Text;
using System.Text.Json;
using Ensemble.Tokenization.Tests.Texts;

namespace Ensemble.Tokenization.Tests;

/// <summary>Counts and ids are those that tiktoken gives.</summary>
internal sealed class ReferenceCountTests
{
    private static readonly string[] SharedTexts =
    [
        "en.txt", "cs.txt", "json.txt", "ko.txt",
        "adv_a200k.txt", "adv_hangul200k.txt", "adv_rnd200k.txt", "adv_sp200k.txt", "adv_zwj200k.txt",
        "edge_case.txt", "edge_nonbmp.txt", "edge_ws.txt",
    ];

    [Test]
    public void Encode_OwnSet_GivesTheRecordedIds([ValueSource(typeof(Encodings), nameof(Encodings.All))] TokenEncoding encoding)
    {
        Assert.Multiple(() =>
        {
            foreach (ReferenceText text in ReferenceTexts.Own)
            {
                Assert.That(encoding.Encode(text.Text), Is.EqualTo(text.IdsIn(encoding)), text.Text);
                Assert.That(encoding.Encode(Encoding.UTF8.GetBytes(text.Text)), Is.EqualTo(text.IdsIn(encoding)), text.Text);
                Assert.That(encoding.Count(text.Text), Is.EqualTo(text.IdsIn(encoding).Length), text.Text);
                Assert.That(encoding.Count(Encoding.UTF8.GetBytes(text.Text)), Is.EqualTo(text.IdsIn(encoding).Length), text.Text);
            }
        });
    }

    [Test]
    public void Count_SharedText_IsTheRecordedCount(
        [ValueSource(nameof(SharedTexts))] string name,
        [ValueSource(typeof(Encodings), nameof(Encodings.All))] TokenEncoding encoding)
    {
        byte[] utf8 = ReferenceTexts.ReadShared(name);
        long expected = ReferenceTexts.SharedCounts().GetProperty(name).GetProperty(encoding.Name).GetInt64();

        Assert.Multiple(() =>
        {
            Assert.That(encoding.Count(utf8), Is.EqualTo(expected), "UTF-8");
            Assert.That(encoding.Count(Encoding.UTF8.GetString(utf8)), Is.EqualTo(expected), "UTF-16");
        });
    }

    [Test]
    public void Count_SharedChat_IsTheRecordedCountOfEachMessage([ValueSource(typeof(Encodings), nameof(Encodings.All))] TokenEncoding encoding)
    {
        string[] messages = JsonSerializer.Deserialize<string[]>(ReferenceTexts.ReadShared("chat.json"))!;
        long[] expected = ReferenceTexts.SharedCounts().GetProperty("chat.json").GetProperty(encoding.Name).Deserialize<long[]>()!;

        Assert.That(messages.Select(message => encoding.Count(message)), Is.EqualTo(expected));
    }

    [Test]
    public void Count_SharedFuzz_IsTheRecordedCountOfEachString([ValueSource(typeof(Encodings), nameof(Encodings.All))] TokenEncoding encoding)
    {
        string[] lines = Encoding.UTF8.GetString(ReferenceTexts.ReadShared("fuzz.jsonl")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var wrong = new List<string>();
        foreach (string line in lines)
        {
            using var item = JsonDocument.Parse(line);
            string text = item.RootElement.GetProperty("text").GetString()!;
            long expected = item.RootElement.GetProperty(encoding.Name).GetInt64();
            if (encoding.Count(text) != expected || encoding.Count(Encoding.UTF8.GetBytes(text)) != expected)
            {
                wrong.Add(line);
            }
        }

        Assert.That(lines, Is.Not.Empty);
        Assert.That(wrong, Is.Empty);
    }
}
