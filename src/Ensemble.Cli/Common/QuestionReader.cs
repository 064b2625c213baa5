using System.Text;

namespace Ensemble.Cli;

/// <summary>Puts a question together from the command line and standard input.</summary>
internal static class QuestionReader
{
    /// <summary>The argument that stands for standard input.</summary>
    public const string StandardInput = "-";

    /// <summary>
    /// Joins the arguments; <c>-</c>, or no argument at all, is standard input. Input that nobody mentions is left alone, because a
    /// pipe that never closes would hang the command.
    /// </summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="terminal">Standard input.</param>
    /// <param name="example">What to type, for the error message.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="CliException">There is no text.</exception>
    public static async Task<string> ReadAsync(IReadOnlyList<string> arguments, Terminal terminal, string example, CancellationToken cancellationToken)
    {
        if (arguments.Count == 0 && !terminal.Features.InputIsRedirected)
        {
            throw new CliException($"What shall be asked? {example}");
        }

        if (arguments.Count(argument => argument == StandardInput) > 1)
        {
            throw new CliException("'-' stands for standard input, which can be read only once.");
        }

        StringBuilder question = new();
        bool afterInput = false;
        foreach (string argument in arguments.DefaultIfEmpty(StandardInput))
        {
            // Piped text stands apart from the words around it.
            bool isInput = argument == StandardInput;
            question.Append(question.Length == 0 ? "" : isInput || afterInput ? "\n\n" : " ");
            question.Append(isInput ? (await terminal.In.ReadToEndAsync(cancellationToken)).Trim() : argument);
            afterInput = isInput;
        }

        string text = question.ToString().Trim();
        return text.Length > 0 ? text : throw new CliException($"The question is empty. {example}");
    }
}
