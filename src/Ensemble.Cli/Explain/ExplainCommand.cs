using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Ensemble.Cli;

/// <summary><c>explain</c>: whom a question would go to, and why; nobody is asked.</summary>
internal static class ExplainCommand
{
    /// <summary>Makes the verb.</summary>
    public static Command Create(CliContext context)
    {
        Argument<string[]> question = new("question") { Description = "The question; '-' is standard input.", Arity = ArgumentArity.ZeroOrMore };
        Option<string?> config = CommonOptions.Config();
        Option<string?> model = CommonOptions.Model();
        Option<string?> tenant = new("--tenant") { Description = "On whose behalf: the rules of this tenant hold too.", HelpName = "name" };
        Option<string?> domain = new("--domain") { Description = "What the question is about: selects the quality of that domain.", HelpName = "name" };
        Option<int?> maxTokens = new("--max-tokens") { Description = "The limit of the answer in tokens.", HelpName = "n" };
        Option<bool> json = CommonOptions.Json();
        ExampleCommand command = new("explain", "Shows whom a question would go to and why: its profile, each rule's verdict on each model, predictions, prices, the plan. Asks nobody and needs no key.")
        {
            Examples =
            [
                new("ensemble explain \"Summarise this contract.\" --config appsettings.json", "the default composition"),
                new("ensemble explain \"Write to ada@example.com\" --config appsettings.json --tenant bank", "with the rules of a tenant"),
                new("cat prompt.txt | ensemble explain - --config appsettings.json --json", "for scripts"),
            ],
            Epilogue = "Ends with 3 when nobody may answer.",
        };
        command.Add(question);
        command.Add(config);
        command.Add(model);
        command.Add(tenant);
        command.Add(domain);
        command.Add(maxTokens);
        command.Add(json);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string text = await QuestionReader.ReadAsync(parsed.GetValue(question) ?? [], context.Terminal, "ensemble explain \"What is the capital of South Korea?\"", cancellationToken);
            if (parsed.GetValue(maxTokens) is < 1 and { } limit)
            {
                throw new CliException($"--max-tokens {limit} is out of range: give 1 or more.");
            }

            await using EnsembleSession session = EnsembleSession.Open(context, parsed.GetValue(config), parsed.GetValue(model));
            ChatOptions options = new ChatOptions { MaxOutputTokens = parsed.GetValue(maxTokens) }
                .WithEnsemble(request => request with { Tenant = parsed.GetValue(tenant), Domain = parsed.GetValue(domain) });
            ExplainOutput output = ExplainOutput.Create(session.Clients.Explain(session.ChosenName, [new ChatMessage(ChatRole.User, text)], options));
            foreach (string remark in session.Remarks)
            {
                context.Terminal.Hint(remark);
            }

            if (parsed.GetValue(json))
            {
                context.Terminal.Out.WriteLine(JsonSerializer.Serialize(output, CliJson.Readable.ExplainOutput));
            }
            else
            {
                ExplainText.Write(context.Terminal.Out, output);
            }

            // Nobody may answer: a script must see what a reader sees.
            return output.Plan.Count == 0 ? ExitCode.Negative : ExitCode.Ok;
        });
        return command;
    }
}
