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

    /// <summary>Makes a scene whose one member has just been taken out by three errors, after it had answered some times.</summary>
    public static Scene WithBroken(AnswerScript script, bool streaming, int known)
    {
        Scene scene = new(new RouterOptions(), script);
        for (int i = 0; i < known; i++)
        {
            _ = scene.Ask(streaming);
        }

        scene.Members[0].Next(AnswerScript.Http(500)).Next(AnswerScript.Http(500)).Next(AnswerScript.Http(500));
        for (int i = 0; i < 3; i++)
        {
            Assert.That(() => scene.Ask(streaming), Throws.TypeOf<AllMembersFailedException>());
        }

        return scene;
    }

    /// <summary>Asks for a caller who has no time.</summary>
    public ChatResponse Hurry(bool streaming, double seconds = 0.1) => Time.Run(() => HurryAsync(streaming, seconds));

    /// <summary>Asks for a caller who has no time.</summary>
    public Task<ChatResponse> HurryAsync(bool streaming, double seconds = 0.1) =>
        Router.AskAsync(streaming, options: new ChatOptions().WithEnsemble(request => request with { TimeLimit = TimeSpan.FromSeconds(seconds) }));

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
