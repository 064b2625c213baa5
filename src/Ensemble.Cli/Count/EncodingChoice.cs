using System.CommandLine;
using Ensemble.Tokenization;

namespace Ensemble.Cli;

/// <summary>The options that name a tokenizer, and the encoding they mean; <c>o200k_base</c> when there is none.</summary>
internal sealed class EncodingChoice
{
    private readonly Option<string?> _encoding = new("--encoding", "-e") { Description = "o200k_base, o200k_harmony or cl100k_base. Without any of these three: o200k_base.", HelpName = "name" };
    private readonly Option<string?> _model = new("--model", "-m") { Description = "One of OpenAI's models, such as gpt-5-mini.", HelpName = "name" };
    private readonly Option<string?> _tokenizer = new("--tokenizer", "-t") { Description = "The tokenizer.json of a model with byte-level BPE, or the folder that holds it.", HelpName = "path" };

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command command)
    {
        command.Add(_encoding);
        command.Add(_model);
        command.Add(_tokenizer);
    }

    /// <summary>Finds the encoding.</summary>
    /// <exception cref="CliException">There is none of this name, or there are two options for it.</exception>
    public TokenEncoding Read(ParseResult parsed) => (parsed.GetValue(_encoding), parsed.GetValue(_model), parsed.GetValue(_tokenizer)) switch
    {
        (null, null, null) => TokenEncoding.O200kBase,
        ({ } name, null, null) => name is "o200k_base" or "cl100k_base" or "o200k_harmony"
            ? TokenEncoding.ForName(name)
            : throw new CliException($"There is no encoding '{name}'. There are o200k_base, o200k_harmony and cl100k_base; others are read from a file: --tokenizer tokenizer.json"),
        (null, { } model, null) => TokenEncoding.TryForModel(model, out TokenEncoding? encoding)
            ? encoding
            : throw new CliException($"No encoding is known for the model '{model}'. Name one (--encoding o200k_base), or the model's own file: --tokenizer tokenizer.json"),
        (null, null, "") => throw new CliException("--tokenizer is empty. Name a tokenizer.json, or the folder that holds it."),
        (null, null, { } path) => TokenEncoding.FromHuggingFace(path),
        _ => throw new CliException("--encoding, --model and --tokenizer exclude each other: give one of them."),
    };
}
