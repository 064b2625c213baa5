using Microsoft.Extensions.AI;

namespace Ensemble.Cli;

/// <summary>Writes the answer to standard output piece by piece; ballots and the receipt go to standard error.</summary>
internal sealed class AskTextPresenter(Terminal terminal, AskRequest request) : IAskPresenter
{
    private bool _endsWithLine = true;

    /// <inheritdoc/>
    public void Update(ChatResponseUpdate update)
    {
        if (update.GetBallot() is { } ballot)
        {
            BallotLine.Write(terminal.RichError, ballot);
        }

        string text = update.Text;
        if (text.Length > 0)
        {
            terminal.Out.Write(text);
            terminal.Out.Flush();
            _endsWithLine = text.EndsWith('\n');
        }
    }

    /// <inheritdoc/>
    public void End(ChatResponse response)
    {
        if (!_endsWithLine)
        {
            terminal.Out.WriteLine();
        }

        if (response.FinishReason == ChatFinishReason.Length)
        {
            terminal.Hint($"The answer was cut at {request.MaxTokens} tokens; --max-tokens allows more.");
        }

        if ((request.Receipt || request.Panel is not null) && response.GetReceipt() is { } receipt)
        {
            ReceiptLines.Write(terminal.RichError, receipt);
        }
    }
}
