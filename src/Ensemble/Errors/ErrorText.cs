using System.Text;

namespace Ensemble;

/// <summary>Writes an exception for logs without the words of others, which may quote a prompt or a key.</summary>
internal static class ErrorText
{
    // Wrappers are a few levels deep; the limit ends a cycle.
    private const int MaximumDepth = 16;

    public static string Of(Exception exception)
    {
        StringBuilder text = new();
        Write(text, exception, 0);
        return text.ToString();
    }

    private static void Write(StringBuilder text, Exception exception, int depth)
    {
        text.Append(exception.GetType().FullName);
        if (exception is EnsembleException)
        {
            text.Append(": ").Append(exception.Message);
        }

        IEnumerable<Exception> causes = exception is AggregateException several ? several.InnerExceptions : exception.InnerException is { } one ? [one] : [];
        foreach (Exception cause in depth < MaximumDepth ? causes : [])
        {
            text.AppendLine().Append(" ---> ");
            Write(text, cause, depth + 1);
            text.AppendLine().Append("   --- End of inner exception stack trace ---");
        }

        if (exception.StackTrace is { } trace)
        {
            text.AppendLine().Append(trace);
        }
    }
}
