using System.Net.Sockets;
using Microsoft.Extensions.AI;

namespace Ensemble.Onnx.Tests.Local.Sockets;

/// <summary>What the child process does under the guard.</summary>
internal static class SocketChild
{
    public const string Answer = "answer";
    public const string Socket = "socket";
    public const string Prompt = "What is the capital of South Korea? (confidential-4711)";
    public const int NoGuard = 77;

    // The runtimes' telemetry, when it is on, makes its first socket about eight seconds after loading.
    private static readonly TimeSpan Watch = TimeSpan.FromSeconds(15);

    public static async Task<int> RunAsync(string what)
    {
        if (!SocketGuard.TrySet())
        {
            return NoGuard;
        }

        if (what == Socket)
        {
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            return 0;
        }

        using LocalChatClient client = new(Ensemble.Models.SmolLM2.Name);
        ChatResponse response = await client.GetResponseAsync(Prompt, new ChatOptions { MaxOutputTokens = 8 });
        _ = await client.GetService<IContinuationScorer>()!.ScoreAsync(ScoringRequest.ForText(Prompt, "", [" Seoul"]));
        await Task.Delay(Watch);
        Console.WriteLine($"{response.Usage!.OutputTokenCount} tokens, telemetry {LocalRuntime.Describe().Telemetry}");
        return 0;
    }
}
