using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Ensemble.Cli.Tests.Running;

namespace Ensemble.Cli.Tests;

public class ClassifyTests
{
    private static readonly string[] Good = ["I love it", "Great work", "A joy to use", "Wonderful film", "Simply the best", "Very happy with it"];

    private static readonly string[] Bad = ["I hate it", "A waste of money", "It broke at once", "Terrible film", "Simply the worst", "Very unhappy with it"];

    private static string Examples => string.Concat(Good.Select(text => Line(text, "positive")).Concat(Bad.Select(text => Line(text, "negative"))));

    [Test]
    public async Task Embedding_ClassifiesAndMeasures_AndASavedFitGivesTheSame()
    {
        using TemporaryFile examples = new(Examples), saved = new("");
        using TemporaryFile texts = new(Line("What a wonderful evening", "positive") + Line("The worst service ever", "negative"));
        CommandResult first = await CommandLine.RunAsync("classify", "--examples", examples.Path, "--members", "embedding", "--save", saved.Path, "--json", texts.Path);
        CommandResult second = await CommandLine.RunAsync("classify", "--examples", saved.Path, "--members", "embedding", "--json", texts.Path);
        Assert.That(first.ExitCode, Is.EqualTo(ExitCode.Ok), first.ToString());
        string[] labels = [.. first.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line).GetProperty("label").GetString()!)];
        Assert.Multiple(() =>
        {
            Assert.That(labels, Is.EqualTo(new[] { "positive", "negative" }));
            Assert.That(second.Out, Is.EqualTo(first.Out), second.ToString());
            Assert.That(first.Error, Does.Contain("Known before the first text").And.Contain("embedding"));
        });
    }

    [Test]
    public async Task Bags_OfTheShippedModel_ShowTheTableOfAccuracies()
    {
        using TemporaryFile examples = new(Examples), texts = new(Line("What a wonderful evening", "positive"));
        CommandResult result = await CommandLine.RunAsync("classify", "--examples", examples.Path, "--members", "bags", "--bags", "1", "--text-word", "Review", "--label-word", "Sentiment", texts.Path);
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Ok), result.ToString());
        Assert.That(result.Out, Does.Contain("one sample").And.Contain("centred vote").And.Contain("wonderful"));
    }

    [Test]
    public async Task DataOfTheQuickStart_GiveItsTable_WithItsOwnBagsAndTexts()
    {
        using TemporaryFile saved = new("");
        string tickets = Path.Combine(AppContext.BaseDirectory, "tickets.json");
        CommandResult result = await CommandLine.RunAsync("classify", "--examples", tickets, "--save", saved.Path);
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Ok), result.ToString());

        // The README's figures; other processors differ by an item or two, so each may be two off.
        (string Row, double Of24)[] readme =
            [("one sample", 10.3), ("average voter", 11), ("raw vote", 13), ("centred vote", 18), ("centred mean", 19), ("embedding", 23), ("fused", 22)];
        Assert.Multiple(() =>
        {
            foreach ((string row, double expected) in readme)
            {
                Assert.That(Share(result.Out, row) * 24, Is.EqualTo(expected).Within(2.1), $"{row}\n{result.Out}");
            }

            Assert.That(Share(result.Out, "centred mean"), Is.GreaterThan(Share(result.Out, "one sample")));
            Assert.That(Bags(File.ReadAllText(saved.Path), "data", "bags"), Is.EqualTo(Bags(File.ReadAllText(tickets), "bags")));
        });
    }

    [Test]
    public async Task DataWithItsOwnBags_RefusesToDrawOthers()
    {
        string tickets = Path.Combine(AppContext.BaseDirectory, "tickets.json");
        CommandResult result = await CommandLine.RunAsync("classify", "--examples", tickets, "--members", "embedding", "--seed", "7");
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(result.Error, Does.Contain("has its own bags").And.Contain("Leave --seed out"));
    }

    [TestCase("{\"text\":\"a\"}\n", "has no \"label\"")]
    [TestCase("not json\n", "line 1: no JSON object")]
    [TestCase("{\"label\":\"x\"}\n", "\"text\" is missing or empty")]
    [TestCase("{\"text\":\"a\",\"label\":\"x\"}\n{\"text\":\"b\",\"label\":\"x\"}\n", "at least two labels")]
    [TestCase("{\"text\":\"a\",\"label\":\"x\"}\n{\"text\":\"b\",\"label\":\"y\"}\n", "give at least 2")]
    [TestCase("{\"text\":\"a\",\"label\":\"x\"}\n{\"text\":\"b\",\"label\":\"X\"}\n", "'x' and 'X'")]
    public async Task Examples_ThatCannotBeUsed_AreErrorsThatNameTheFix(string content, string message)
    {
        using TemporaryFile examples = new(content), texts = new(Line("x", "x"));
        CommandResult result = await CommandLine.RunAsync("classify", "--examples", examples.Path, "--members", "embedding", texts.Path);
        Assert.That(result.ExitCode, Is.Not.EqualTo(ExitCode.Ok));
        Assert.That(result.Error, Does.Contain(message));
    }

    [Test]
    public async Task SavedFit_KnowsWhoWasFitted()
    {
        using TemporaryFile examples = new(Examples), saved = new(""), texts = new(Line("What a wonderful evening", "positive"));
        CommandResult fitted = await CommandLine.RunAsync("classify", "--examples", examples.Path, "--members", "embedding", "--save", saved.Path, texts.Path);
        CommandResult asFitted = await CommandLine.RunAsync("classify", "--examples", saved.Path, texts.Path);
        CommandResult others = await CommandLine.RunAsync("classify", "--examples", saved.Path, "--members", "bags", texts.Path);
        Assert.Multiple(() =>
        {
            Assert.That(asFitted.Error, Does.StartWith("Known before the first text (embedding)"));
            Assert.That(fitted.Error, Does.EndWith(asFitted.Error));
            Assert.That(asFitted.Out, Is.EqualTo(fitted.Out));
            Assert.That(others.ExitCode, Is.EqualTo(ExitCode.Usage));
            Assert.That(others.Error, Does.Contain("fitted without bagged voters. Leave --members out, or fit again"));
        });
    }

    [Test]
    public async Task FewExamples_AreEnoughForTheEmbeddingMember_WhichDrawsNoBags()
    {
        using TemporaryFile examples = new(string.Concat(Good[..2].Select(text => Line(text, "positive")).Concat(Bad[..2].Select(text => Line(text, "negative"))))), texts = new(Line("Great", "positive"));
        Assert.That((await CommandLine.RunAsync("classify", "--examples", examples.Path, "--members", "embedding", texts.Path)).ExitCode, Is.EqualTo(ExitCode.Ok));
        CommandResult refused = await CommandLine.RunAsync("classify", "--examples", examples.Path, "--members", "embedding", "--bags", "3", texts.Path);
        Assert.That(refused.ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(refused.Error, Does.Contain("--bags is for voters, and --members leaves them out"));
    }

    [Test]
    public async Task MembersFileAndInput_AreChecked()
    {
        using TemporaryFile examples = new(Examples), empty = new("\n");
        Assert.That((await CommandLine.RunAsync("classify", "--examples", examples.Path, "--members", "magic", "x.jsonl")).Error, Does.Contain("--members 'magic'"));
        Assert.That((await CommandLine.RunAsync("classify", "--examples", "nowhere.jsonl", "x.jsonl")).Error, Does.Contain("There is no file 'nowhere.jsonl'"));
        Assert.That((await CommandLine.RunAsync("classify", "--examples", examples.Path, empty.Path)).Error, Does.Contain("has no texts"));
    }

    private static double Share(string table, string row) =>
        double.Parse(Regex.Match(table, $@"^\s*{row}\s+(?<share>[\d.]+) %", RegexOptions.Multiline).Groups["share"].Value, CultureInfo.InvariantCulture) / 100;

    private static string Bags(string json, params string[] path)
    {
        JsonElement found = JsonElement.Parse(json);
        return JsonSerializer.Serialize(path.Aggregate(found, (element, name) => element.GetProperty(name)));
    }

    private static string Line(string text, string label) => JsonSerializer.Serialize(new { text, label }) + "\n";
}
