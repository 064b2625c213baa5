using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>What a prompt holds besides text, as far as its bound depends on it. Finding out allocates nothing.</summary>
/// <param name="Images">How many images it holds; what one takes is a fact of the model.</param>
/// <param name="IsUnbounded">Whether it names a file that lies elsewhere, so that nobody here knows how long it is.</param>
internal readonly record struct PromptMedia(int Images, bool IsUnbounded)
{
    public static PromptMedia Of(IReadOnlyList<ChatMessage> messages)
    {
        int images = 0;
        bool unbounded = false;
        for (int i = 0; i < messages.Count; i++)
        {
            IList<AIContent> contents = messages[i].Contents;
            for (int j = 0; j < contents.Count; j++)
            {
                Look(contents[j], ref images, ref unbounded);
            }
        }

        return new PromptMedia(images, unbounded);
    }

    /// <summary>Says what kind of file a content is; <see langword="null"/> for none.</summary>
    public static string? TypeOf(AIContent content) => content switch
    {
        DataContent data => data.MediaType,
        UriContent uri => uri.MediaType,
        HostedFileContent file => file.MediaType ?? "application/octet-stream",
        _ => null,
    };

    public static bool IsImage(string media) => media.StartsWith("image/", StringComparison.OrdinalIgnoreCase);

    private static void Look(AIContent content, ref int images, ref bool unbounded)
    {
        if (content is FunctionResultContent result)
        {
            if (result.Result is AIContent or IEnumerable<AIContent>)
            {
                foreach (AIContent part in ContentBound.ContentsOf(result))
                {
                    Look(part, ref images, ref unbounded);
                }
            }
        }
        else if (TypeOf(content) is { } media)
        {
            images += IsImage(media) ? 1 : 0;
            unbounded |= !IsImage(media) && content is not DataContent;
        }
    }
}
