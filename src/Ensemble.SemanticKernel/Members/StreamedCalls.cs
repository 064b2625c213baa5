using System.Text;
using Microsoft.SemanticKernel;

namespace Ensemble;

/// <summary>Puts the pieces of function calls together. A new id starts a call; pieces without one continue the call of their index.</summary>
internal sealed class StreamedCalls
{
    private readonly List<Call> _calls = [];
    private readonly Dictionary<int, Call> _open = [];

    public void Add(StreamingFunctionCallUpdateContent piece)
    {
        // Connectors of whole calls leave every index at 0, so the id decides first.
        if (!_open.TryGetValue(piece.FunctionCallIndex, out Call? call) || (piece.CallId is { Length: > 0 } id && call.Id is not null && call.Id != id))
        {
            call = _open[piece.FunctionCallIndex] = new Call();
            _calls.Add(call);
        }

        call.Id ??= piece.CallId is { Length: > 0 } ? piece.CallId : null;
        call.Name ??= piece.Name is { Length: > 0 } ? piece.Name : null;
        call.Arguments.Append(piece.Arguments);
    }

    public IReadOnlyList<StreamingFunctionCallUpdateContent> Build() =>
        [.. _calls.Select((call, index) => new StreamingFunctionCallUpdateContent(call.Id, call.Name, call.Arguments.ToString(), index))];

    private sealed class Call
    {
        public string? Id { get; set; }

        public string? Name { get; set; }

        public StringBuilder Arguments { get; } = new();
    }
}
