using Ensemble.Testing;
using Microsoft.Extensions.AI;

namespace Ensemble.Tests.Reliability;

/// <summary>A router over scripted members in virtual time, where every member declares that it reports a finish reason.</summary>
internal sealed class Scene
{
    public static readonly AnswerScript Good = AnswerScript.Text("The ", "good ", "answer.");

    public Scene(RouterOptions? options, params AnswerScript[] scripts)
    {
        Members = [.. scripts.Select((script, i) => new ScriptedMember(((char)('a' + i)).ToString(), Time).Always(script))];
        Router = new RouterChatClient(
            "main",
            Members.Select(member => new Member(member.Name, new Declared(member))),
            options ?? new RouterOptions { AttemptTimeout = TimeSpan.FromSeconds(1), IdleTimeout = TimeSpan.FromSeconds(1) },
            new EnsembleRuntime { TimeProvider = Time });
    }

    public VirtualTime Time { get; } = new();

    public ScriptedMember[] Members { get; }

    public RouterChatClient Router { get; }

    public ChatResponse Ask(bool streaming, CancellationToken cancellationToken = default) =>
        Time.Run(() => Router.AskAsync(streaming, cancellationToken: cancellationToken));

    /// <summary>Asks with a stream and keeps every piece that the caller saw, also of a stream that breaks.</summary>
    public (string Seen, Exception? Error) Watch(CancellationToken cancellationToken = default)
    {
        string seen = "";
        Exception? error = null;
        Time.Run(async () =>
        {
            try
            {
                await foreach (ChatResponseUpdate update in Router.GetStreamingResponseAsync("hello", null, cancellationToken).ConfigureAwait(false))
                {
                    seen += update.Text;
                }
            }
            catch (Exception exception)
            {
                error = exception;
            }
        });
        return (seen, error);
    }

    public void AssertNothingIsLeftBehind()
    {
        foreach (ScriptedMember member in Members)
        {
            Assert.That(member, CountersAre.Quiet);
        }
    }

    internal sealed class Declared(IChatClient inner) : DelegatingChatClient(inner)
    {
        private static readonly MemberTraits Traits = new() { ReportsFinishReason = true };

        public override object? GetService(Type serviceType, object? serviceKey = null) =>
            serviceType == typeof(MemberTraits) ? Traits : base.GetService(serviceType, serviceKey);
    }
}
