using System.ClientModel.Primitives;
using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;

namespace Ensemble;

/// <summary>The SDK's view of the headers of an answer and of its body, which HTTP keeps apart.</summary>
internal sealed class GuardedResponseHeaders(HttpResponseMessage response) : PipelineResponseHeaders
{
    public override bool TryGetValue(string name, [NotNullWhen(true)] out string? value)
    {
        value = TryFind(name, out HeaderStringValues found) ? found.ToString() : null;
        return value is not null;
    }

    public override bool TryGetValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
    {
        values = TryFind(name, out HeaderStringValues found) ? found : null;
        return values is not null;
    }

    public override IEnumerator<KeyValuePair<string, string>> GetEnumerator() => response.Headers.NonValidated
        .Concat(response.Content.Headers.NonValidated)
        .Select(header => KeyValuePair.Create(header.Key, header.Value.ToString()))
        .GetEnumerator();

    private bool TryFind(string name, out HeaderStringValues values) =>
        response.Headers.NonValidated.TryGetValues(name, out values) || response.Content.Headers.NonValidated.TryGetValues(name, out values);
}
