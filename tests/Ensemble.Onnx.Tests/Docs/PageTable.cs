using System.Runtime.CompilerServices;

namespace Ensemble.Onnx.Tests.Docs;

/// <summary>Compares a table of <c>docs/local-models.md</c> with what the tests found; <c>ENSEMBLE_APPROVE=1</c> writes it anew.</summary>
internal static class PageTable
{
    private static readonly Lock Gate = new();

    public static void Check(string name, IEnumerable<string> lines, [CallerFilePath] string here = "")
    {
        string path = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs", "local-models.md"));
        (string begin, string end) = ($"<!-- {name}: written by a test -->\n", $"<!-- /{name} -->");
        string now = string.Concat(lines.Select(line => line + "\n"));
        lock (Gate)
        {
            string page = File.ReadAllText(path).ReplaceLineEndings("\n");
            int start = page.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
            int stop = page.IndexOf(end, StringComparison.Ordinal);
            Assert.That(start >= begin.Length && stop >= start, Is.True, $"docs/local-models.md has lost the marks of the table '{name}'.");
            if (Environment.GetEnvironmentVariable("ENSEMBLE_APPROVE") == "1" && page[start..stop] != now)
            {
                File.WriteAllText(path, page[..start] + now + page[stop..]);
                return;
            }

            Assert.That(page[start..stop], Is.EqualTo(now), "ENSEMBLE_APPROVE=1 dotnet test writes the table anew.");
        }
    }
}
