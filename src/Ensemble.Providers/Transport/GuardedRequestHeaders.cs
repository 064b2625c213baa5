using System.ClientModel.Primitives;
using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;

namespace Ensemble;

/// <summary>The SDK's view of the headers of a request and of its body, which HTTP keeps apart.</summary>
internal sealed class GuardedRequestHeaders(HttpRequestHeaders request, HttpContentHeaders body) : PipelineRequestHeaders
{
    public override void Add(string name, string value)
    {
        if (!request.TryAddWithoutValidation(name, value))
        {
            body.TryAddWithoutValidation(name, value);
        }
    }

    public override void Set(string name, string value)
    {
        Remove(name);
        Add(name, value);
    }

    public override bool Remove(string name) => Of(name)?.Remove(name) is true;

    public override bool TryGetValue(string name, [NotNullWhen(true)] out string? value)
    {
        value = Of(name) is { } headers ? headers.NonValidated[name].ToString() : null;
        return value is not null;
    }

    public override bool TryGetValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
    {
        values = Of(name) is { } headers ? headers.NonValidated[name] : null;
        return values is not null;
    }

    public override IEnumerator<KeyValuePair<string, string>> GetEnumerator() =>
        request.NonValidated.Concat(body.NonValidated).Select(header => KeyValuePair.Create(header.Key, header.Value.ToString())).GetEnumerator();

    private HttpHeaders? Of(string name) => request.NonValidated.Contains(name) ? request : body.NonValidated.Contains(name) ? body : null;
}
