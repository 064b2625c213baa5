using System.ClientModel;
using System.Net.Sockets;
using System.Text.Json;
using Anthropic.Exceptions;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Ensemble.Providers.Tests;

/// <summary>
/// What SDKs wrap into each other: their errors into cancellations that nobody asked for, and cancellations into their errors. The class
/// is that of what happened, and a caller who left is no failure either way.
/// </summary>
internal sealed class CancelledInsideTests
{
    public static IEnumerable<TestCaseData> Wrapped =>
    [
        Case("A cancellation alone", new TaskCanceledException(), FailureClass.Timeout),
        Case("HttpClient's timeout", new TaskCanceledException("late", new TimeoutException("late", new TaskCanceledException())), FailureClass.Timeout),
        Case("A socket that was cancelled", new TaskCanceledException("cut", new IOException("cut", new SocketException((int)SocketError.OperationAborted))), FailureClass.Timeout),
        Case("Malformed JSON inside a cancellation", new TaskCanceledException("stopped", new JsonException("bad")), FailureClass.Protocol),
        Case("An SDK's overload inside a cancellation", new OperationCanceledException("stopped", new OllamaSharp.Models.Exceptions.OllamaException("overloaded")), FailureClass.Overloaded),
        Case("The same two deep", new OperationCanceledException("a", new TaskCanceledException("b", new OllamaSharp.Models.Exceptions.OllamaException("overloaded"))), FailureClass.Overloaded),
        Case("A cancellation inside Anthropic's error", new AnthropicIOException("cut", new HttpRequestException("cut", new TaskCanceledException())), FailureClass.Timeout),
        Case("A cancellation inside OpenAI's error", new ClientResultException("cut", null, new TaskCanceledException()), FailureClass.Timeout),
        Case("A connection that broke inside Anthropic's error", new AnthropicIOException("cut", new HttpRequestException("cut", new IOException("reset"))), FailureClass.Transport),
    ];

    [TestCaseSource(nameof(Wrapped))]
    public void Error_InsideACancellationOrAroundOne_HasTheClassOfWhatHappened(Exception error, FailureClass expected)
    {
        HostedModel model = Model();
        using AttemptClock clock = new(model, CancellationToken.None);
        AttemptRecord record = new(model, streaming: false, clock.Token) { Sent = true };

        Exception translated = Failures.Translate(record, clock, error);

        Assert.That((translated as ProviderException)?.FailureClass, Is.EqualTo(expected));
    }

    [TestCaseSource(nameof(Wrapped))]
    public void Error_OfARequestThatItsCallerHasLeft_IsHisCancellation(Exception error, FailureClass expected)
    {
        HostedModel model = Model();
        CancellationToken left = new(canceled: true);
        using AttemptClock clock = new(model, left);
        AttemptRecord record = new(model, streaming: false, clock.Token) { Sent = true };

        Exception translated = Failures.Translate(record, clock, error);

        Assert.That(translated, Is.InstanceOf<OperationCanceledException>().And.Property(nameof(OperationCanceledException.CancellationToken)).EqualTo(left), expected.ToString());
    }

    [Test]
    public async Task AnswerThatDoesNotFit_OfACallerWhoHasLeft_IsNotRepaired_AndSaysWhatItTook()
    {
        using CancellationTokenSource caller = new();
        UsageDetails used = new() { InputTokenCount = 11, OutputTokenCount = 5 };
        ChatOptions options = new() { ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""{"type":"object"}""")) };
        HostedModel model = Model();
        int calls = 0;
        OperationCanceledException? left = await Assert.ThrowsAsync<OperationCanceledException>(() => StructuredAnswers.AskAsync(
            model,
            [new ChatMessage(ChatRole.User, "?")],
            options,
            new OptionNotes(model),
            (_, _, _, _) =>
            {
                calls++;
                caller.Cancel();
                return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "no")) { FinishReason = ChatFinishReason.Stop, Usage = used });
            },
            caller.Token));
        Assert.That((calls, left!.Data["ensemble.usage"]), Is.EqualTo((1, used)));
    }

    private static TestCaseData Case(string name, Exception error, FailureClass expected) => new TestCaseData(error, expected).SetArgDisplayNames(name);

    private static HostedModel Model()
    {
        Assert.That(ProviderPresets.TryFind("openai-compatible", out ProviderPreset? preset), Is.True);
        ModelRegistration registration = new()
        {
            Name = "member",
            Provider = "openai-compatible",
            Model = "test-model",
            Path = "test",
            Settings = new Dictionary<string, string> { ["Endpoint"] = "http://127.0.0.1:1/" },
        };
        using ServiceProvider services = new ServiceCollection().BuildServiceProvider();
        return new HostedModelProvider(preset!).Describe(registration, services);
    }
}
