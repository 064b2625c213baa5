using System.Text.RegularExpressions;

namespace Ensemble;

/// <summary>Reads short answers in which brackets and doubled or leading signs are the answer: (0, 1] is no [0, 1), and *p no &amp;p.</summary>
internal static partial class AnswerShapes
{
    private const string Dress = "`\"'$*. \t\r\n";

    private const string Element = @"[-+]?(?:∞|[0-9]+(?:\.[0-9]+)?(?:/[0-9]+)?|[A-Za-z])";

    private const string List = $@"[(\[{{]\s*{Element}(?:\s*,\s*{Element})+\s*[)\]}}]";

    /// <summary>Returns an interval, a tuple, a list or an identifier with its operator, written in one way; <see langword="null"/> for any other text.</summary>
    /// <param name="text">Text as <see cref="AnswerSymbols.Fold(string)"/> writes it.</param>
    public static string? Read(string text) =>
        Lists().IsMatch(text) ? string.Concat(text.Trim(Dress.ToCharArray()).Where(static c => !char.IsWhiteSpace(c))).ToLowerInvariant()
        : Applied().Match(text) is { Success: true } applied ? applied.Groups["x"].Value.ToLowerInvariant()
        : null;

    // Also joined: [0, 1) ∪ (2, 3].
    [GeneratedRegex($"""^[\s`"'$*]*{List}(?:\s*[∪∩]\s*{List})*[\s`"'$*.]*$""", RegexOptions.CultureInvariant)]
    private static partial Regex Lists();

    // --x, ++x, *p, &p, x--; the stars of *p* are dress.
    [GeneratedRegex("""^[\s`"']*(?<x>(?:(?:--|\+\+|\*{1,2}|&{1,2})[A-Za-z_][\w-]*|[A-Za-z_]\w*--))[\s`"'.]*$""", RegexOptions.CultureInvariant)]
    private static partial Regex Applied();
}
