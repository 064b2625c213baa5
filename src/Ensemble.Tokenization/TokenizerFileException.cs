namespace Ensemble.Tokenization;

/// <summary>A tokenizer file cannot be used: it is damaged, or asks for something that is not counted exactly here.</summary>
/// <remarks>The message names the file, the component in it and what to do.</remarks>
public sealed class TokenizerFileException : FormatException
{
    internal TokenizerFileException(string file, string component, string problem, Exception? inner = null)
        : base($"{file}: {component}: {problem}", inner)
    {
        File = file;
        Component = component;
    }

    /// <summary>The file, or the name that was given to its stream.</summary>
    public string File { get; }

    /// <summary>Where in the file: such as <c>pre_tokenizer.pretokenizers[0].pattern</c>.</summary>
    public string Component { get; }
}
