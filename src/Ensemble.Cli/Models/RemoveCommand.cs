using System.CommandLine;

namespace Ensemble.Cli;

/// <summary><c>models remove</c>: takes a model out of the store.</summary>
internal static class RemoveCommand
{
    /// <summary>Makes the verb.</summary>
    public static Command Create(CliContext context)
    {
        Argument<string> name = new("name") { Description = "A model of the store." };
        ExampleCommand command = new("remove", "Removes a model from the store of this machine.") { Examples = [new("ensemble models remove mine", "its files are deleted")] };
        command.Add(name);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            ModelStore store = new(context.StoreRoot, context.Time);
            StoredModel model = store.Find(parsed.GetRequiredValue(name));
            await store.RemoveAsync(model, () => context.Terminal.Hint("Another process works on this model; waiting for it."), cancellationToken);
            context.Terminal.Out.WriteLine($"{model.Name} is removed: {ByteSize.Of(model.Bytes)}.");
            return ExitCode.Ok;
        });
        return command;
    }
}
