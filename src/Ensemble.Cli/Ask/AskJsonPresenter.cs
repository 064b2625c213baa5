using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Ensemble.Cli;

/// <summary>Writes one JSON document when the answer is complete.</summary>
internal sealed class AskJsonPresenter(Terminal terminal, AskRequest request) : IAskPresenter
{
    /// <inheritdoc/>
    public void Update(ChatResponseUpdate update)
    {
        // Half a document is of no use to a script.
    }

    /// <inheritdoc/>
    public void End(ChatResponse response)
    {
        AskOutput output = AskOutput.Create(response, hasSchema: request.SchemaFile is not null);
        terminal.Out.WriteLine(JsonSerializer.Serialize(output, CliJson.Readable.AskOutput));
    }
}
