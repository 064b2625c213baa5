using Ensemble;
using Ensemble.Testing;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;

// Two stand-ins for hosted models, so that the sample needs no key. The first one calls the tool and is overloaded afterwards.
ScriptedMember first = new ScriptedMember("first")
    .Next(AnswerScript.ToolCall("call-1", "order_status", new Dictionary<string, object?> { ["order"] = 83417 }))
    .Always(AnswerScript.Http(503));
ScriptedMember second = new ScriptedMember("second").Always(call =>
{
    FunctionResultContent? heard = call.Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().LastOrDefault();
    return AnswerScript.Text("Your order is ", $"{heard?.Result ?? "unknown"}", ".");
});

AITool orderStatus = AIFunctionFactory.Create(
    (int order) =>
    {
        Console.WriteLine($"  (the tool is asked about order {order})");
        return "in the van, with you before noon";
    },
    "order_status",
    "Says where an order is.");

// An agent takes any chat client, so it takes an ensemble.
RouterChatClient ensemble = new("main", [new("first", first), new("second", second)]);
ChatClientAgent agent = new(ensemble, instructions: "You work for a shop. Be brief.", name: "shop", tools: [orderStatus]);

Console.WriteLine("> Where is my order 83417?");
AgentResponse response = await agent.RunAsync("Where is my order 83417?");
Console.WriteLine(response.Text);
Console.WriteLine($"receipt: {response.AsChatResponse().GetReceipt()}");
