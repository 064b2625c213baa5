using Ensemble.Testing;
using Microsoft.Extensions.AI;

namespace KernelSample;

/// <summary>Stands for a hosted model that can call functions, so that the sample needs no key: it asks the plugin, then says what it heard.</summary>
internal static class Hosted
{
    public static ScriptedMember Create() => new ScriptedMember("hosted").Always(call =>
    {
        object? heard = call.Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().LastOrDefault()?.Result;
        return heard is null
            ? AnswerScript.ToolCall("call-1", "Orders_status", new Dictionary<string, object?> { ["order"] = NumberIn(call.Messages[^1].Text) })
            : AnswerScript.Text("Your order is ", $"{heard}", ".");
    });

    private static int NumberIn(string text) => int.Parse(string.Concat(text.Where(char.IsAsciiDigit)), System.Globalization.CultureInfo.InvariantCulture);
}
