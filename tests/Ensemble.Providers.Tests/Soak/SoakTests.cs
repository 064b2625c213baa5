using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Ensemble.Providers.Tests;

/// <summary>A thousand mixed requests, local and hosted: answered, streamed, failing, cancelled, left in the middle, with tools. Memory stays flat, and nothing is stuck.</summary>
[NonParallelizable]
internal sealed class SoakTests
{
    private const int Requests = 1000;
    private const int WarmUp = 250;

    // A leak of one answer a request would be more than 10 kB each: 7.5 MB.
    private const long MaxGrowthBytes = 3_000_000;

    private static readonly AIFunctionDeclaration Weather = AIFunctionFactory.CreateDeclaration(
        "weather", "The weather of a city.", System.Text.Json.JsonElement.Parse("""{"type":"object","properties":{"city":{"type":"string"}}}"""));

    [Test]
    public async Task MixedRequests_LocalAndHosted_MemoryStaysFlatAndNothingIsStuck()
    {
        await using ServiceProvider services = Build();
        long before = 0;
        int[] outcomes = new int[3];
        for (int i = 0; i < Requests; i++)
        {
            if (i == WarmUp)
            {
                before = Settle();
            }

            outcomes[await OneAsync(services, i).WaitAsync(TimeSpan.FromMinutes(1))]++;
        }

        long grown = Settle() - before;
        await TestContext.Out.WriteLineAsync($"{outcomes[0]} answered, {outcomes[1]} failed, {outcomes[2]} cancelled; memory after {WarmUp} requests {before:N0} bytes, {grown:N0} more after {Requests}");
        Assert.That(grown, Is.LessThan(MaxGrowthBytes));

        Assert.That(outcomes, Is.All.GreaterThan(50), "The mix is no mix.");
    }

    private static ServiceProvider Build()
    {
        ServiceCollection services = new();
        IEnsembleBuilder ensemble = services.AddEnsemble().AddProviders().AddLocalModels()
            .AddModel("local", model => (model.Provider, model.Model) = ("local", "smollm2-135m-instruct"));
        List<string> routers = [];
        foreach (DialectScript dialect in DialectScript.All)
        {
            foreach (bool streaming in new[] { false, true })
            {
                // Well, overloaded, a stream that breaks, a tool call, in turn: the routes play their answers one after the other, without end.
                Play[] plays = [.. Enumerable.Range(0, Requests).Select(i => (i % 5) switch
                {
                    0 => dialect.Error(400, "invalid_request_error"),
                    1 => dialect.PlayOf(new Answer { Pieces = [], End = AnswerEnd.Calls, Calls = [new("call_1", "weather", ["{\"city\":\"Bern\"}"])] }, streaming),
                    2 when streaming => dialect.Stream(new Answer()).Take(dialect.Preamble + 2, Ending.Complete),
                    _ => dialect.PlayOf(new Answer(), streaming),
                })];
                string name = $"{dialect.Name}{(streaming ? "S" : "W")}";
                ensemble.AddModel($"{name}Model", model => dialect.Configure(model, dialect.Preset, RecordingServer.Open(plays)))
                    .AddRouter(name, $"{name}Model");
            }
        }

        return services.BuildServiceProvider();
    }

    /// <summary>Sends one request; returns 0 for an answer, 1 for a failure, 2 for a cancellation.</summary>
    private static async Task<int> OneAsync(ServiceProvider services, int i)
    {
        bool streaming = i % 2 == 1;
        string name = i % 10 == 0 || i % 10 == 5 ? "local" : $"{DialectScript.All[i / 2 % 4].Name}{(streaming ? "S" : "W")}";
        IChatClient client = services.GetRequiredKeyedService<IChatClient>(name);
        ChatOptions options = new() { MaxOutputTokens = 2, Tools = name == "local" ? null : [Weather] };
        using CancellationTokenSource caller = new();
        bool leaves = i % 7 == 0;

        // Whether those who leave are in time is the machine's affair; these are gone before they ask.
        if (i % 7 == 3)
        {
            await caller.CancelAsync();
        }

        try
        {
            if (!streaming)
            {
                Task<ChatResponse> call = client.GetResponseAsync("The weather in Bern?", options, caller.Token);
                if (leaves)
                {
                    await caller.CancelAsync();
                }

                await call;
                return 0;
            }

            await foreach (ChatResponseUpdate _ in client.GetStreamingResponseAsync("The weather in Bern?", options, caller.Token))
            {
                if (leaves && i % 28 == 7)
                {
                    break;
                }

                if (leaves)
                {
                    await caller.CancelAsync();
                }
            }

            return 0;
        }
        catch (OperationCanceledException)
        {
            return 2;
        }
        catch (EnsembleException)
        {
            return 1;
        }
    }

    private static long Settle()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
