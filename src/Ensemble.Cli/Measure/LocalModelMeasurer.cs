using System.Text;
using Ensemble.Onnx;
using Microsoft.Extensions.AI;

namespace Ensemble.Cli;

/// <summary>Loads the model, lets it read a prompt and write on, and takes the best of a few short runs: whatever else runs only makes it slower.</summary>
internal sealed class LocalModelMeasurer(TimeProvider time) : IModelMeasurer
{
    private const int Runs = 2;
    private const int PromptLetters = 512;
    private const int WarmUpLetters = 16;
    private const int AnswerTokens = 32;

    // A clock that did not move must not make a speed infinite.
    private const double Shortest = 1e-6;

    /// <inheritdoc/>
    public async Task<MeasuredSpeed> MeasureAsync(string folder, SessionChoice choice, CancellationToken cancellationToken)
    {
        long before = Environment.WorkingSet;
        using LocalChatClient client = new(new LocalModelOptions
        {
            Model = folder,
            Template = LocalTemplate.None,
            MaxCacheBytes = 0,
            Threads = choice.Threads,
            AllowSpinning = choice.AllowSpinning,
            ExecutionProvider = choice.ExecutionProvider,
        });
        LocalModelInfo model = await client.LoadAsync(cancellationToken);

        // A letter is a token at most, so that prompt and answer fit the smallest window.
        string prompt = Counting(Math.Min(PromptLetters, model.ContextWindow / 2));
        int answer = Math.Max(2, Math.Min(AnswerTokens, model.ContextWindow / 4));
        await RunAsync(client, Counting(WarmUpLetters), 2, cancellationToken);
        double prefill = 0;
        double decode = 0;
        for (int run = 0; run < Runs; run++)
        {
            (double reading, double writing) = await RunAsync(client, prompt, answer, cancellationToken);
            prefill = Math.Max(prefill, reading);
            decode = Math.Max(decode, writing);
        }

        return decode > 0
            ? new MeasuredSpeed(prefill, decode, Math.Max(0, Environment.WorkingSet - before))
            : throw new ModelLoadException($"'{folder}' ends its answer at the first token: its speed cannot be measured.");
    }

    // The first piece of the answer parts reading from writing.
    private async Task<(double Reading, double Writing)> RunAsync(LocalChatClient client, string prompt, int tokens, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        double? first = null;
        List<ChatResponseUpdate> updates = [];
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync(prompt, new ChatOptions { MaxOutputTokens = tokens, Temperature = 0 }, cancellationToken))
        {
            updates.Add(update);
            first ??= update.Text.Length > 0 ? time.GetElapsedTime(start).TotalSeconds : null;
        }

        double all = time.GetElapsedTime(start).TotalSeconds;
        UsageDetails? usage = updates.ToChatResponse().Usage;
        double reading = Math.Max(first ?? all, Shortest);
        return ((usage?.InputTokenCount ?? 0) / reading, Math.Max(0, (usage?.OutputTokenCount ?? 0) - 1) / Math.Max(all - reading, Shortest));
    }

    // A model that is shown counting goes on counting, and does not stop early.
    private static string Counting(int letters)
    {
        StringBuilder text = new();
        for (int i = 1; text.Length < letters - 5; i++)
        {
            text.Append(i).Append(' ');
        }

        return text.ToString().TrimEnd();
    }
}
