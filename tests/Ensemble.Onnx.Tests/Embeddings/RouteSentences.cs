using System.Runtime.CompilerServices;

namespace Ensemble.Onnx.Tests.Embeddings;

/// <summary>
/// Ten routes of 28 sentences and 60 that fit none, in English and Korean, written for these tests. Of each list every second sentence was used to
/// choose settings; only the others count as a result.
/// </summary>
internal sealed class RouteSentences
{
    private readonly Dictionary<string, List<string>> _routes = [];

    private RouteSentences()
    {
    }

    public IEnumerable<string> Routes => _routes.Keys.Where(name => name != "none");

    public static RouteSentences Read(string language, [CallerFilePath] string here = "")
    {
        RouteSentences sentences = new();
        List<string>? current = null;
        foreach (string line in File.ReadLines(Path.GetFullPath(Path.Combine(here, $"../data/routes.{language}.txt"))))
        {
            if (line.StartsWith("# ", StringComparison.Ordinal))
            {
                sentences._routes[line[2..]] = current = [];
            }
            else
            {
                current!.Add(line);
            }
        }

        return sentences;
    }

    public string[] Chosen(string route) => [.. _routes[route].Where((_, i) => i % 2 == 0)];

    public string[] HeldOut(string route) => [.. _routes[route].Where((_, i) => i % 2 == 1)];
}
