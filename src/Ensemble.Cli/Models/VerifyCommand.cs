using System.CommandLine;

namespace Ensemble.Cli;

/// <summary><c>models verify</c>: whether the files of the store are still those that were added.</summary>
internal static class VerifyCommand
{
    /// <summary>Makes the verb.</summary>
    public static Command Create(CliContext context)
    {
        Argument<string?> name = new("name") { Description = "A model of the store; without it all.", Arity = ArgumentArity.ZeroOrOne };
        ExampleCommand command = new("verify", "Compares the files of stored models with the hashes that they had when they were added. Ends with 3 if one differs.")
        {
            Examples = [new("ensemble models verify", "all models of the store"), new("ensemble models verify mine", "one of them")],
        };
        command.Add(name);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            ModelStore store = new(context.StoreRoot, context.Time);
            IReadOnlyList<StoredModel> models = parsed.GetValue(name) is { } one ? [store.Find(one)] : store.List();
            bool isWhole = true;
            foreach (StoredModel model in models)
            {
                IReadOnlyList<string> problems = await store.VerifyAsync(model, cancellationToken);
                isWhole &= problems.Count == 0;
                context.Terminal.Out.WriteLine(problems.Count == 0 ? $"ok     {model.Name}" : $"wrong  {model.Name}: {string.Join("; ", problems)}. Remove it and add it again.");
            }

            return isWhole ? ExitCode.Ok : ExitCode.Negative;
        });
        return command;
    }
}
