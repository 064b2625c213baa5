namespace Ensemble.Tokenization.Tests.HuggingFace;

/// <summary>What cannot be followed to the letter is refused, and the error names the file, the place and what to do.</summary>
internal sealed class UnsupportedFileTests
{
    [TestCase("model.type", "\"WordPiece\"", "model.type")]
    [TestCase("model.byte_fallback", "true", "model.byte_fallback")]
    [TestCase("model.continuing_subword_prefix", "\"##\"", "model.continuing_subword_prefix")]
    [TestCase("model.end_of_word_suffix", "\"</w>\"", "model.end_of_word_suffix")]
    [TestCase("model.dropout", "0.1", "model.dropout")]
    [TestCase("model.vocab", "{ \"▁\": 0, \"▁a\": 1 }", "model.vocab")]
    [TestCase("model.vocab", "[]", "model.vocab")]
    [TestCase("model.vocab", "{ \"a\": -1 }", "model.vocab")]
    [TestCase("model.vocab", "{ \"a\": 0, \"b\": 0 }", "model.vocab")]
    [TestCase("model.merges", "[[\"h\", \"nowhere\"]]", "model.merges[0]")]
    [TestCase("model.merges", "[\"h e l\"]", "model.merges[0]")]
    [TestCase("model.merges", "[[\"h\"]]", "model.merges[0]")]
    [TestCase("model.merges", "7", "model.merges")]
    [TestCase("model", "null", "model")]
    [TestCase("normalizer", "{ \"type\": \"Lowercase\" }", "normalizer")]
    [TestCase("normalizer", "{ \"type\": \"Sequence\", \"normalizers\": [{ \"type\": \"NFC\" }, { \"type\": \"Replace\" }] }", "normalizer.normalizers[1]")]
    [TestCase("pre_tokenizer", "null", "pre_tokenizer")]
    [TestCase("pre_tokenizer", "{ \"type\": \"Metaspace\" }", "pre_tokenizer")]
    [TestCase("pre_tokenizer.add_prefix_space", "true", "pre_tokenizer.add_prefix_space")]
    [TestCase("pre_tokenizer.use_regex", "false", "pre_tokenizer.use_regex")]
    [TestCase(
        "pre_tokenizer",
        "{ \"type\": \"Sequence\", \"pretokenizers\": [{ \"type\": \"Split\", \"pattern\": { \"Regex\": \"\\\\s\" }, \"behavior\": \"Isolated\", \"invert\": false }, { \"type\": \"ByteLevel\", \"add_prefix_space\": false, \"use_regex\": false }] }",
        "pre_tokenizer.pretokenizers[0].pattern.Regex")]
    [TestCase("added_tokens.0.single_word", "true", "added_tokens[0].single_word")]
    [TestCase("added_tokens.0.content", "\"\"", "added_tokens[0].content")]
    [TestCase("added_tokens.0.id", "\"x\"", "added_tokens[0].id")]
    public void Load_ComponentThatIsNotSupported_IsAnErrorThatNamesIt(string path, string json, string component) =>
        Assert.That(
            () => TokenizerJson.With(path, json).Load(),
            Throws.InstanceOf<TokenizerFileException>()
                .With.Property(nameof(TokenizerFileException.Component)).EqualTo(component)
                .And.Property(nameof(TokenizerFileException.File)).EqualTo("test.json")
                .And.Message.StartsWith($"test.json: {component}: "));

    [Test]
    public void Load_TokenWithoutAnId_IsRefused()
    {
        var file = TokenizerJson.Create();
        file["added_tokens"]![0]!.AsObject().Remove("id");

        Assert.That(() => file.Load(), Throws.InstanceOf<TokenizerFileException>().With.Property(nameof(TokenizerFileException.Component)).EqualTo("added_tokens[0].id").And.Message.Contains("missing"));
    }

    [TestCase("")]
    [TestCase("[]")]
    [TestCase("{ \"model\": {")]
    [TestCase("no JSON at all")]
    public void Load_DamagedFile_IsOneKindOfError(string json) =>
        Assert.That(() => TokenizerJson.Load(json), Throws.InstanceOf<TokenizerFileException>().With.Message.Contains("etch it again"));

    [Test]
    public void Load_AnyPrefixOfAFile_IsOneKindOfError()
    {
        string json = TokenizerJson.Create().ToJsonString();

        Assert.That(
            Enumerable.Range(0, json.Length).Where(length => length % 7 == 0),
            Has.All.Matches<int>(length => IsRefused(json[..length])));
    }

    private static bool IsRefused(string json)
    {
        try
        {
            TokenizerJson.Load(json);
            return false;
        }
        catch (TokenizerFileException)
        {
            return true;
        }
    }
}
