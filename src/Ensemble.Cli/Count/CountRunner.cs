using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Ensemble.Cli;

/// <summary>Runs <c>count</c>.</summary>
internal static class CountRunner
{
    // Below this nobody waits long enough to look.
    private const long UnitsBetweenReports = 1 << 26;

    /// <summary>Counts and prints.</summary>
    public static async Task<int> RunAsync(CliContext context, CountRequest request, CancellationToken cancellationToken)
    {
        long start = TimeProvider.System.GetTimestamp();
        var files = new List<TextCount>();
        List<int>? ids = request.Ids ? [] : null;
        var meter = new TextMeter(request.Encoding);
        foreach (string file in request.Files)
        {
            TextReader reader = TextSource.Open(file, context.Terminal);
            using (TextSource.Owned(reader, context.Terminal))
            {
                files.Add(await CountAsync(context, request, meter, file, reader, ids, cancellationToken) with { File = file });
            }
        }

        TextCount total = new() { Tokens = files.Sum(file => file.Tokens), Characters = files.Sum(file => file.Characters), Bytes = files.Sum(file => file.Bytes) };
        CountOutput output = new()
        {
            Encoding = request.Encoding.Name,
            Files = files,
            Total = total,
            Ids = ids,
            Limit = request.Limit,
            Fits = request.Limit is { } limit ? total.Tokens <= limit : null,
            Seconds = request.Time ? TimeProvider.System.GetElapsedTime(start).TotalSeconds : null,
        };
        Write(context.Terminal, request, output);
        return output.Fits == false ? ExitCode.Negative : ExitCode.Ok;
    }

    private static async Task<TextCount> CountAsync(
        CliContext context, CountRequest request, TextMeter meter, string file, TextReader reader, List<int>? ids, CancellationToken cancellationToken)
    {
        if (request.Lines || request.JsonField is not null)
        {
            return await LineCounts.WriteAsync(context.Terminal, request, file, reader, cancellationToken);
        }

        if (ids is null)
        {
            return await meter.CountAsync(reader, Reporter(context.Terminal), cancellationToken);
        }

        string text = await reader.ReadToEndAsync(cancellationToken);
        int[] encoded = request.Encoding.Encode(text);
        ids.AddRange(encoded);
        return new TextCount { Tokens = encoded.Length, Characters = text.Count(unit => !char.IsLowSurrogate(unit)), Bytes = Encoding.UTF8.GetByteCount(text) };
    }

    private static Action<long> Reporter(Terminal terminal)
    {
        long next = UnitsBetweenReports;
        return units =>
        {
            if (units >= next && terminal.Features.ErrorIsTerminal)
            {
                terminal.Hint(string.Create(CultureInfo.InvariantCulture, $"{units >> 20} M characters so far"));
                next = units + UnitsBetweenReports;
            }
        };
    }

    private static void Write(Terminal terminal, CountRequest request, CountOutput output)
    {
        if (request.Json)
        {
            terminal.Out.WriteLine(JsonSerializer.Serialize(output, CliJson.Readable.CountOutput));
            return;
        }

        if (output.Ids is not null)
        {
            terminal.Out.WriteLine(string.Join(' ', output.Ids));
        }
        else if (!request.Lines && request.JsonField is null)
        {
            terminal.Out.WriteLine($"{"tokens",14} {"characters",14} {"bytes",14}  {output.Encoding}");
            foreach (TextCount count in output.Files.Count > 1 ? output.Files.Append(output.Total) : output.Files)
            {
                terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count.Tokens,14} {count.Characters,14} {count.Bytes,14}  {count.File ?? "total"}"));
            }
        }

        if (output.Fits == false)
        {
            terminal.Hint(string.Create(CultureInfo.InvariantCulture, $"over the limit of {output.Limit} by {output.Total.Tokens - output.Limit}"));
        }

        if (output.Seconds is { } seconds)
        {
            terminal.Hint(string.Create(CultureInfo.InvariantCulture, $"{seconds:0.000} s, {output.Total.Bytes / 1e6 / seconds:0.0} MB/s"));
        }
    }
}
