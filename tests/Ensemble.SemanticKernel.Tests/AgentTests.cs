using Ensemble.Testing;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;

namespace Ensemble.SemanticKernel.Tests;

/// <summary>Microsoft.Agents.AI needs no package of ours: an agent takes any chat client.</summary>
public class AgentTests
{
    [Test]
    public async Task Agent_CallsItsToolsThroughAnEnsemble_AcrossAFailover([Values] bool streaming)
    {
        List<string> asked = [];
        AITool tool = AIFunctionFactory.Create((string city) => { asked.Add(city); return $"sunny in {city}"; }, "forecast");
        ScriptedMember first = new ScriptedMember("first").Next(AnswerScript.ToolCall("call-1", "forecast", new Dictionary<string, object?> { ["city"] = "Busan" })).Always(AnswerScript.Http(503));
        ScriptedMember second = new ScriptedMember("second").Always(call => AnswerScript.Text($"It is {call.Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Single().Result}."));
        ChatClientAgent agent = new(new RouterChatClient("main", [new("first", first), new("second", second)]), instructions: "Be brief.", tools: [tool]);

        AgentResponse response = streaming
            ? await agent.RunStreamingAsync("How is the weather in Busan?").ToAgentResponseAsync()
            : await agent.RunAsync("How is the weather in Busan?");
        Assert.That(response.Text, Is.EqualTo("It is sunny in Busan."));
        Assert.That(asked, Is.EqualTo(["Busan"]));
        Assert.That(first.Calls[0].Options!.Instructions, Is.EqualTo("Be brief."));
        Assert.That(response.AsChatResponse(), ReceiptIs.AnsweredBy("second"));
    }
}
