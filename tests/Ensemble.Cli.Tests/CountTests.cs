using System.Globalization;
using System.Text.Json;
using CsCheck;
using Ensemble.Cli.Tests.Running;
using Ensemble.Tokenization;

namespace Ensemble.Cli.Tests;

public class CountTests
{
    private static readonly string[] Fragments = ["word ", "the", " the", "中文", "。", "  ", "\n", "\r\n", "\t", "don't ", "😀", "12345", "!!", "\u3000", "한국어 ", "{\"Key\":\"it's\",", "a/b", "\u0301", "ABCd-e_f"];

    [Test]
    public async Task Files_AreCountedEachAndTogether()
    {
        using TemporaryFile first = new("Hello, world!", ".txt");
        using TemporaryFile second = new("안녕 😀\n", ".txt");
        CommandResult result = await CommandLine.RunAsync("count", first.Path, second.Path);

        string[][] rows = [.. result.Out.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries).Select(row => row.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        long[] tokens = [TokenEncoding.O200kBase.Count("Hello, world!"), TokenEncoding.O200kBase.Count("안녕 😀\n")];
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Ok), result.ToString());
        Assert.That(rows[1], Is.EqualTo((string[])[Text(tokens[0]), "13", "13", first.Path]));
        Assert.That(rows[2], Is.EqualTo((string[])[Text(tokens[1]), "5", "12", second.Path]));
        Assert.That(rows[3], Is.EqualTo((string[])[Text(tokens.Sum()), "18", "25", "total"]));
    }

    [Test]
    public async Task Input_IdsAsJson_AreThoseOfTheModel()
    {
        CommandResult result = await new CommandLine { Input = "Hello, world!" }.StartAsync("count", "--model", "gpt-4-turbo", "--ids", "--json", "--time");

        Assert.That(result.Json.GetProperty("encoding").GetString(), Is.EqualTo("cl100k_base"));
        Assert.That(result.Json.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()), Is.EqualTo(TokenEncoding.Cl100kBase.Encode("Hello, world!")));
        Assert.That(result.Json.GetProperty("seconds").GetDouble(), Is.GreaterThan(0));
    }

    [TestCase(4, ExitCode.Ok)]
    [TestCase(3, ExitCode.Negative)]
    public async Task Limit_IsToldByTheExitCode(int limit, int exitCode)
    {
        CommandResult result = await new CommandLine { Input = "Hello, world!" }.StartAsync("count", "-", "--limit", Text(limit));

        Assert.That(result.ExitCode, Is.EqualTo(exitCode), result.ToString());
        Assert.That(result.Error, exitCode == ExitCode.Ok ? Is.Empty : Does.Contain("over the limit of 3 by 1"));
    }

    [TestCase("count")]
    [TestCase("truncate", "--limit", "3")]
    public async Task MistypedOption_IsNoFile(params string[] verb)
    {
        CommandResult result = await new CommandLine().StartAsync([.. verb, "--ident"]);

        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Usage), result.ToString());
        Assert.That(result.Error, Does.Contain("There is no option '--ident'"));
    }

    [Test]
    public async Task Lines_AreCountedEach()
    {
        CommandResult result = await new CommandLine { Input = "one\n\ntwo three\n" }.StartAsync("count", "--lines");
        Assert.That(result.Out.Split(Environment.NewLine), Is.EqualTo((string[])["1", "0", "2", ""]));
    }

    [Test]
    public async Task JsonLines_TheFieldIsCounted()
    {
        CommandResult result = await new CommandLine { Input = "{\"q\":\"one\"}\n{\"q\":\"two three\"}" }.StartAsync("count", "--jsonl", "q");
        Assert.That(result.Out.Split(Environment.NewLine), Is.EqualTo((string[])["1", "2", ""]));

        CommandResult wrong = await new CommandLine { Input = "{\"q\":\"one\"}\n{\"p\":1}" }.StartAsync("count", "--jsonl", "q");
        Assert.That(wrong.ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(wrong.Error, Does.Contain("Line 2 has no string 'q'"));
    }

    [TestCase("--lines", "one\n\ntwo three\n", new[] { 1, 0, 2 })]
    [TestCase("--jsonl=q", "\uFEFF{\"q\":\"one\"}\n{\"q\":\"two three\"}", new[] { 1, 2 })]
    public async Task Json_OfLines_HasTheCountOfEach(string option, string input, int[] counts)
    {
        CommandResult result = await new CommandLine { Input = input }.StartAsync("count", option, "--json");

        using JsonDocument document = JsonDocument.Parse(result.Out);
        JsonElement file = document.RootElement.GetProperty("files")[0];
        Assert.That(file.GetProperty("lines").EnumerateArray().Select(count => count.GetInt32()), Is.EqualTo(counts));
        Assert.That(file.GetProperty("tokens").GetInt32(), Is.EqualTo(counts.Sum()));
    }

    [Test]
    public async Task JsonLines_HalfACharacter_IsAnErrorOfTheLine()
    {
        CommandResult result = await new CommandLine { Input = "{\"q\":\"one\"}\n{\"q\":\"a\\ud83d b\"}" }.StartAsync("count", "--jsonl", "q");

        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(result.Error, Does.Contain("Line 2 has half a character in 'q'"));
    }

    [Test]
    public async Task EmptyNames_AreSaidToBeEmpty()
    {
        CommandResult file = await new CommandLine().StartAsync("count", "");
        CommandResult tokenizer = await new CommandLine { Input = "x" }.StartAsync("count", "--tokenizer", "");

        Assert.That((file.ExitCode, tokenizer.ExitCode), Is.EqualTo((ExitCode.Usage, ExitCode.Usage)));
        Assert.That(file.Error, Does.Contain("A file name is empty"));
        Assert.That(tokenizer.Error, Does.Contain("--tokenizer is empty"));
    }

    [Test]
    public async Task StandardInput_IsReadAsAFileIs_WithItsByteOrderMark()
    {
        byte[] bytes = [0xEF, 0xBB, 0xBF, .. "Hello"u8];
        CommandResult result = await new CommandLine { InputBytes = bytes }.StartAsync("count", "-", "--json");

        using JsonDocument document = JsonDocument.Parse(result.Out);
        Assert.That(document.RootElement.GetProperty("total").GetProperty("bytes").GetInt32(), Is.EqualTo(bytes.Length));
    }

    [Test]
    public async Task JsonLines_BlankLine_IsSaidToBeBlank()
    {
        CommandResult result = await new CommandLine { Input = "{\"q\":\"one\"}\n\n{\"q\":\"two\"}" }.StartAsync("count", "--jsonl", "q");

        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(result.Error, Does.Contain("Line 2 is blank"));
    }

    [Test]
    public async Task Folder_InsteadOfAFile_IsSaidToBeAFolder([Values("count", "truncate")] string verb)
    {
        string[] limit = verb == "truncate" ? ["--limit", "5"] : [];
        CommandResult result = await new CommandLine().StartAsync([verb, AppContext.BaseDirectory, .. limit]);

        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(result.Error, Does.Contain("is a folder"));
    }

    [Test]
    public async Task Tokenizer_OfAFile_IsUsed()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "models", "smollm2-135m-instruct");
        Assume.That(Path.Combine(folder, "tokenizer.json"), Does.Exist);
        CommandResult result = await new CommandLine { Input = "Hello, world!" }.StartAsync("count", "--tokenizer", folder, "--ids");
        Assert.That(result.Out.Trim(), Is.EqualTo("19556 28 905 17"), result.ToString());
    }

    [TestCase("--model", "claude-9", "No encoding is known for the model 'claude-9'")]
    [TestCase("--encoding", "p50k_base", "There is no encoding 'p50k_base'")]
    [TestCase("--tokenizer", "/nowhere/tokenizer.json", "/nowhere")]
    public async Task UnknownTokenizer_IsAMistakeThatNamesIt(string option, string value, string message)
    {
        CommandResult result = await new CommandLine { Input = "x" }.StartAsync("count", option, value);
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(result.Error, Does.Contain(message));
    }

    [Test]
    public async Task NothingToCount_IsAMistake()
    {
        Assert.That(await CommandLine.RunAsync("count"), Has.Property("ExitCode").EqualTo(ExitCode.Usage).And.Property("Error").Contains("Which file?"));
        Assert.That(await CommandLine.RunAsync("count", "/nowhere/at-all.txt"), Has.Property("ExitCode").EqualTo(ExitCode.Usage).And.Property("Error").Contains("/nowhere/at-all.txt"));
    }

    [Test]
    public void Blocks_AnyText_CountAsTheWhole([Values("o200k_base", "cl100k_base")] string name)
    {
        TokenEncoding encoding = TokenEncoding.ForName(name);
        Gen<string> texts = Gen.Int[0, Fragments.Length - 1].Select(i => Fragments[i]).Array[0, 80].Select(parts => string.Concat(parts));
        Gen.Select(texts, Gen.Int[2, 40]).Sample((text, block) =>
            new TextMeter(encoding, block).CountAsync(new StringReader(text), _ => { }, CancellationToken.None).GetAwaiter().GetResult().Tokens == encoding.Count(text));
    }

    [TestCase(false, "one two")]
    [TestCase(true, " two three")]
    public async Task Truncate_KeepsTheEndThatIsAskedFor(bool tail, string kept)
    {
        CommandResult result = await new CommandLine { Input = "one two three" }.StartAsync(["truncate", "--limit", "2", .. tail ? (string[])["--tail"] : []]);
        Assert.That(result, Is.EqualTo(new CommandResult(ExitCode.Ok, kept, "")));
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
