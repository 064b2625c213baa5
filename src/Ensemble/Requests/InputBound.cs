using Ensemble.Tokenization;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Measures prompts: what is public is counted, the rest is bounded by its bytes.</summary>
internal static class InputBound
{
    /// <summary>Measures all that a request sends.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="options">The options, whose tools, instructions and schema are sent along.</param>
    /// <param name="encoding">Counts text; <see langword="null"/> bounds it by its bytes.</param>
    /// <param name="tokensPerImage">What an image takes at most.</param>
    public static PromptSize Of(IEnumerable<ChatMessage> messages, ChatOptions? options, TokenEncoding? encoding, long tokensPerImage)
    {
        PromptSize size = new(encoding, tokensPerImage);

        // What opens the answer, and the instructions, are a message more.
        size.AddFrame();
        IReadOnlyList<ChatMessage> list = messages as IReadOnlyList<ChatMessage> ?? [.. messages];

        // Every call is bounded, and an enumerator of an interface is an object.
        for (int i = 0; i < list.Count; i++)
        {
            size.AddFrame();
            size.AddBytes(list[i].AuthorName);
            IList<AIContent> contents = list[i].Contents;
            for (int j = 0; j < contents.Count; j++)
            {
                ContentBound.Add(contents[j], ref size);
            }
        }

        if (options is not null)
        {
            size.AddText(options.Instructions);
            AddDeclarations(options, ref size);
        }

        return size;
    }

    /// <summary>Measures what a member puts before every conversation.</summary>
    /// <param name="variation">In what way the member is asked; <see langword="null"/> for the caller's.</param>
    /// <param name="counting">How its model counts.</param>
    public static PromptSize Own(MemberOptions? variation, InputCounting counting)
    {
        PromptSize size = new(EncodingOf(counting), tokensPerImage: 0);
        if (variation?.System is { } system)
        {
            size.AddFrame();
            size.AddText(system);
        }

        foreach (ChatExample example in variation?.Examples ?? [])
        {
            size.AddFrame();
            size.AddText(example.User);
            size.AddFrame();
            size.AddText(example.Assistant);
        }

        return size;
    }

    public static TokenEncoding? EncodingOf(InputCounting counting) => counting switch
    {
        InputCounting.O200kBase => TokenEncoding.O200kBase,
        InputCounting.Cl100kBase => TokenEncoding.Cl100kBase,
        _ => null,
    };

    // How a provider writes tools and schemas into the prompt is not public, so these are always bounded.
    private static void AddDeclarations(ChatOptions options, ref PromptSize size)
    {
        foreach (AITool tool in options.Tools ?? [])
        {
            size.AddFrame();
            size.AddBytes(tool.Name);
            size.AddBytes(tool.Description);
            size.AddBytes((tool as AIFunctionDeclaration)?.JsonSchema.GetRawText());
        }

        if (options.ResponseFormat is ChatResponseFormatJson { Schema: { } schema } format)
        {
            size.AddFrame();
            size.AddBytes(schema.GetRawText());
            size.AddBytes(format.SchemaName);
            size.AddBytes(format.SchemaDescription);
        }
    }
}
