using System.Text;
using Microsoft.Extensions.AI;

namespace Ensemble.Cli;

/// <summary>One model of a comparison: what it has said so far, and in the end what it took. Safe to look at while it is written.</summary>
internal sealed class CompareLane(string name, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();
    private CompareResult? _result;

    /// <summary>Gets the name that the user gave.</summary>
    public string Name => name;

    /// <summary>Gets the answer so far.</summary>
    public string Text
    {
        get
        {
            lock (_lock)
            {
                return _text.ToString();
            }
        }
    }

    /// <summary>Gets what came out; <see langword="null"/> while the model is asked or waits.</summary>
    public CompareResult? Result => Volatile.Read(ref _result);

    /// <summary>Asks the model. Its failure is a result; only the user's wish to stop is thrown.</summary>
    public async Task RunAsync(Func<IChatClient> client, IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        TimeSpan? first = null;
        List<ChatResponseUpdate> updates = [];
        CompareResult result;
        try
        {
            await foreach (ChatResponseUpdate update in client().GetStreamingResponseAsync(messages, options, cancellationToken))
            {
                updates.Add(update);
                if (update.Text is { Length: > 0 } piece)
                {
                    first ??= time.GetElapsedTime(start);
                    lock (_lock)
                    {
                        _text.Append(piece);
                    }
                }
            }

            result = CompareResult.Of(name, updates.ToChatResponse(), first, time.GetElapsedTime(start));
        }
        catch (Exception error) when (error is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            (string message, int exitCode) = ErrorReport.Explain(error);
            result = new CompareResult { Name = name, Text = Text, Error = message, ExitCode = exitCode, FirstSeconds = first?.TotalSeconds, Seconds = time.GetElapsedTime(start).TotalSeconds };
        }

        Volatile.Write(ref _result, result);
    }
}
