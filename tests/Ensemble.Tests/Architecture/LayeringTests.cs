using System.Reflection;

namespace Ensemble.Tests;

public class LayeringTests
{
    private static readonly Assembly Engine = typeof(Receipt).Assembly;

    [Test]
    public void Engine_KnowsNoProviderAndNoRuntime() => Assert.That(
        Engine.GetReferencedAssemblies().Select(a => a.Name),
        Has.None.Matches("^(Ensemble[.](?!Tokenization)|OpenAI|Anthropic|OllamaSharp|Microsoft[.]ML[.]Onnx|Microsoft[.]SemanticKernel|Microsoft[.]Data[.]Sqlite|StackExchange)"));

    [Test]
    public void EveryPublicAsyncMethod_TakesACancellationToken() => Assert.That(
        Engine.GetExportedTypes()
            .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(m => m.Name.EndsWith("Async", StringComparison.Ordinal) && m.Name != nameof(IAsyncDisposable.DisposeAsync))
            .Where(m => m.GetParameters().All(p => p.ParameterType != typeof(CancellationToken)))
            .Select(m => $"{m.DeclaringType}.{m.Name}"),
        Is.Empty);

    [Test]
    public void EveryPublicError_IsAnEnsembleException() => Assert.That(
        Engine.GetExportedTypes().Where(t => t.IsSubclassOf(typeof(Exception)) && !t.IsAssignableTo(typeof(EnsembleException))), Is.Empty);

    [Test]
    public void Projects_DependUpwardsOnly()
    {
        // Each project and those of ours that it may reference.
        Dictionary<string, string[]> allowed = new()
        {
            ["Ensemble.Tokenization"] = [],
            ["Ensemble"] = ["Ensemble.Tokenization"],
        };
        string[] top = ["Ensemble.Gateway", "Ensemble.Cli"];
        foreach (string project in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories))
        {
            string name = Path.GetFileNameWithoutExtension(project);
            string[] references = [.. System.Xml.Linq.XDocument.Load(project).Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')))];
            string[] may = allowed.GetValueOrDefault(name) ?? (top.Contains(name) ? references : ["Ensemble.Tokenization", "Ensemble"]);
            Assert.That(references, Is.SubsetOf(may), $"{name} may reference {string.Join(", ", may)} only.");
        }
    }
}
