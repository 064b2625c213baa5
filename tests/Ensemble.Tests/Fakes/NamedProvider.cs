using Microsoft.Extensions.AI;

namespace Ensemble.Tests;

/// <summary>A provider whose models answer with their name; one that has been disposed refuses.</summary>
internal sealed class NamedProvider(string name = "fake") : IModelProvider
{
    public List<NamedModel> Made { get; } = [];

    public string Name => name;

    public bool RunsInProcess => name == "inprocess";

    public bool IsSelfHosted => name == "own";

    public IReadOnlyCollection<string> SettingNames => ["Says", "Down"];

    public ModelCard? FindCard(ModelRegistration model) => new() { Id = model.Model ?? model.Name, ContextWindow = 8_192 };

    public IChatClient CreateClient(ModelRegistration model, IServiceProvider services)
    {
        NamedModel made = new(model.Name, model.Settings.GetValueOrDefault("Says") ?? model.Name, model.Settings.ContainsKey("Down"));
        Made.Add(made);
        return made;
    }

    internal sealed class NamedModel(string name, string says, bool down) : IChatClient
    {
        private int _calls;

        public string Name => name;

        public int Calls => _calls;

        public bool IsDisposed { get; private set; }

        public TaskCompletionSource? Gate { get; set; }

        public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _calls);
            await (Gate?.Task ?? Task.CompletedTask).WaitAsync(cancellationToken);
            await Task.Yield();
            ObjectDisposedException.ThrowIf(IsDisposed, this);
            return down
                ? throw new HttpRequestException("down", null, System.Net.HttpStatusCode.ServiceUnavailable)
                : new ChatResponse(new ChatMessage(ChatRole.Assistant, says)) { FinishReason = ChatFinishReason.Stop };
        }

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            foreach (ChatResponseUpdate update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates())
            {
                yield return update;
            }
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => serviceType.IsInstanceOfType(this) ? this : null;

        public void Dispose() => IsDisposed = true;
    }
}
