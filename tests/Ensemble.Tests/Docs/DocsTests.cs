using System.Text.RegularExpressions;

namespace Ensemble.Tests;

/// <summary>Code in pages is code that a test ran, and links lead somewhere.</summary>
public partial class DocsTests
{
    public static IEnumerable<string> Pages
    {
        get
        {
            IEnumerable<string> top = Directory.EnumerateFiles(Repository.Root, "*.md");
            IEnumerable<string> folders = new[] { "docs", "samples", "benchmarks" }.Select(f => Path.Combine(Repository.Root, f)).Where(Directory.Exists)
                .SelectMany(f => Directory.EnumerateFiles(f, "*.md", SearchOption.AllDirectories));
            return top.Concat(folders).Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/')).Where(path => !path.Contains("/bin/") && !path.Contains("/obj/")).Order();
        }
    }

    [TestCaseSource(nameof(Pages))]
    public void Page_ShowsTheCodeThatATestRan(string page)
    {
        string path = Path.Combine(Repository.Root, page);
        string old = File.ReadAllText(path);
        string now = Block().Replace(old, match => $"<!-- snippet: {match.Groups[1].Value} -->\n```csharp\n{Code(match.Groups[1].Value)}\n```\n<!-- /snippet -->");
        if (Environment.GetEnvironmentVariable("ENSEMBLE_APPROVE") == "1" && now != old)
        {
            File.WriteAllText(path, now);
            old = now;
        }

        Assert.That(old, Is.EqualTo(now), $"{page} shows other code than the tests run: ENSEMBLE_APPROVE=1 dotnet test writes it anew.");
    }

    [TestCaseSource(nameof(Pages))]
    public void Page_HasNoEmptyCode_AndEverySnippetIsRead(string page)
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, page)).ReplaceLineEndings("\n");
        string[] empty = [.. Fence().Matches(text).Select(m => m.Value).Where(block => string.IsNullOrWhiteSpace(string.Join('\n', block.Split('\n')[1..^1])))];
        Assert.Multiple(() =>
        {
            Assert.That(empty, Is.Empty, $"{page} has a code block without code.");
            Assert.That(Block().Count(text), Is.EqualTo(Mark().Count(text)), $"{page} has a snippet mark that is not followed by a csharp block and <!-- /snippet -->.");
        });
    }

    [TestCaseSource(nameof(Pages))]
    public void Page_LinksLeadSomewhere(string page)
    {
        string text = Fence().Replace(File.ReadAllText(Path.Combine(Repository.Root, page)), "");
        string folder = Path.GetDirectoryName(Path.Combine(Repository.Root, page))!;
        string[] dead = [.. Link().Matches(text).Select(m => m.Groups[1].Value).Where(link => !Leads(folder, page, link))];
        Assert.That(dead, Is.Empty, $"{page} has dead links.");
    }

    private static bool Leads(string folder, string page, string link)
    {
        if (link.Contains("://", StringComparison.Ordinal) || link.StartsWith("mailto:", StringComparison.Ordinal))
        {
            return true;
        }

        string[] parts = link.Split('#', 2);
        string target = parts[0].Length == 0 ? Path.Combine(Repository.Root, page) : Path.GetFullPath(Path.Combine(folder, Uri.UnescapeDataString(parts[0])));
        return Path.Exists(target) && (parts.Length == 1 || !target.EndsWith(".md", StringComparison.Ordinal) || Anchors(target).Contains(Uri.UnescapeDataString(parts[1])));
    }

    // A heading's anchor: lower case, spaces to hyphens, punctuation dropped.
    private static IEnumerable<string> Anchors(string file) => Heading().Matches(Fence().Replace(File.ReadAllText(file), ""))
        .Select(m => Punctuation().Replace(m.Groups[1].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    private static string Code(string name)
    {
        Regex region = new($@"#region snippet {Regex.Escape(name)}\n([\s\S]*?)\n[ \t]*#endregion");
        string[] hits = [.. new[] { "tests", "samples" }.Select(f => Path.Combine(Repository.Root, f)).Where(Directory.Exists)
            .SelectMany(f => Directory.EnumerateFiles(f, "*.cs", SearchOption.AllDirectories))
            .SelectMany(f => region.Matches(File.ReadAllText(f).ReplaceLineEndings("\n"))).Select(m => m.Groups[1].Value)];
        Assert.That(hits, Has.Length.EqualTo(1), $"the snippet '{name}' must exist exactly once");
        string[] lines = hits[0].TrimEnd().Split('\n');
        int indent = lines.Where(l => l.Trim().Length > 0).Min(l => l.Length - l.TrimStart().Length);
        return string.Join('\n', lines.Select(l => l.Length >= indent ? l[indent..] : l.TrimStart()));
    }

    [GeneratedRegex(@"<!-- snippet: ([\w-]+) -->\n```csharp\n(?:[\s\S]*?\n)??```\n<!-- /snippet -->")]
    private static partial Regex Block();

    [GeneratedRegex(@"^<!-- snippet: ", RegexOptions.Multiline)]
    private static partial Regex Mark();

    [GeneratedRegex(@"^```[\s\S]*?^```", RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"(?<!`)\[[^\]]*\]\(([^)\s]+)[^)]*\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#{1,6}\s+(.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex Punctuation();
}
