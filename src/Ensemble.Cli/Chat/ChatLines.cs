namespace Ensemble.Cli;

/// <summary>The words of <c>chat</c>.</summary>
internal static class ChatLines
{
    /// <summary>What <c>/help</c> prints.</summary>
    public const string Help =
        """
        Commands of a chat:
          /model [name]  asks another model or composition from here on; without a name says which one answers
          /receipt       who gave the last answer, why, and what it cost
          /cost          what the conversation has cost until now
          /history       the conversation
          /clear         forgets the conversation
          /save FILE     writes the conversation as JSON
          /load FILE     goes on with a saved one
          /help          this list
          /quit          ends (so does the end of input)
        A question that begins with a slash gets a second one in front.
        """;
}
