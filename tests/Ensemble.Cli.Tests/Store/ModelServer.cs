using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Ensemble.Cli.Tests.Store;

/// <summary>A server of models on this machine: a folder with SHA256SUMS under /web/, and the hub's API for owner/tiny.</summary>
internal sealed class ModelServer : IAsyncDisposable
{
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly WebApplication _app;

    private ModelServer(WebApplication app) => _app = app;

    public Dictionary<string, byte[]> Files { get; } = new() { ["model.onnx"] = RandomNumberGenerator.GetBytes(300_000), ["genai_config.json"] = "{}"u8.ToArray(), ["sub/extra.txt"] = "more"u8.ToArray() };

    /// <summary>The folder of the repository in which the files lie.</summary>
    public string Folder { get; init; } = "cpu/";

    public List<(string Method, string Path, string? Range, string? Authorization)> Requests { get; } = [];

    /// <summary>Ends the connection of model.onnx after so many bytes, as often as the second number says.</summary>
    public (int Bytes, int Times) Cut { get; set; }

    public bool IgnoresRange { get; set; }

    /// <summary>Where large files are sent on to.</summary>
    public string? RedirectTo { get; set; }

    public string? ExtraName { get; set; }

    public byte[]? WrongBytes { get; set; }

    public HttpStatusCode? Refusal { get; set; }

    /// <summary>Runs in the middle of model.onnx.</summary>
    public Action? Midway { get; set; }

    public string Address => _app.Urls.First();

    public static async Task<ModelServer> StartAsync(string folder = "cpu/")
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        ModelServer server = new(app) { Folder = folder };
        app.Run(server.AnswerAsync);
        await app.StartAsync();
        return server;
    }

    public int BytesSent { get; private set; }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

#pragma warning disable CA5350 // git's hash
    private static string Blob(byte[] bytes) => Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {bytes.Length}\0"), .. bytes]));
#pragma warning restore CA5350

    private async Task AnswerAsync(HttpContext context)
    {
        string path = context.Request.Path.Value!;
        lock (Requests)
        {
            Requests.Add((context.Request.Method, path, context.Request.Headers.Range, context.Request.Headers.Authorization));
        }

        if (Refusal is { } refusal)
        {
            context.Response.StatusCode = (int)refusal;
        }
        else if (path == "/web/SHA256SUMS")
        {
            IEnumerable<string> lines = Files.Select(file => $"{Hash(file.Value)}  {file.Key}");
            await context.Response.WriteAsync(string.Join('\n', ExtraName is null ? lines : lines.Append($"{new string('0', 64)}  {ExtraName}")));
        }
        else if (path.StartsWith("/api/models/owner/tiny/revision/", StringComparison.Ordinal))
        {
            await context.Response.WriteAsync($$"""{"sha":"{{Commit}}","cardData":{"license":"apache-2.0"} }""");
        }
        else if (path.StartsWith("/api/models/owner/tiny/tree/", StringComparison.Ordinal))
        {
            await WriteTreeAsync(context);
        }
        else
        {
            string prefix = path.StartsWith("/web/", StringComparison.Ordinal) ? "/web/" : path.StartsWith("/cdn/", StringComparison.Ordinal) ? "/cdn/" : $"/owner/tiny/resolve/{Commit}/{Folder}";
            await SendAsync(context, path, path.StartsWith(prefix, StringComparison.Ordinal) ? path[prefix.Length..] : "");
        }
    }

    // Two pages, as the hub does with long lists.
    private async Task WriteTreeAsync(HttpContext context)
    {
        string[] entries =
        [
            """{"type":"directory","path":"cpu","oid":"0"}""",
            """{"type":"file","path":".gitattributes","size":3,"oid":"00"}""",
            .. Files.Select(file => file.Value.Length > 1000
                ? $$"""{"type":"file","path":"{{Folder}}{{file.Key}}","size":134,"oid":"11","lfs":{"oid":"{{Hash(file.Value)}}","size":{{file.Value.Length}}} }"""
                : $$"""{"type":"file","path":"{{Folder}}{{file.Key}}","size":{{file.Value.Length}},"oid":"{{Blob(file.Value)}}"}"""),
            .. ExtraName is null ? Array.Empty<string>() : [$$"""{"type":"file","path":"{{ExtraName}}","size":1,"oid":"00"}"""],
        ];
        bool isSecond = context.Request.Query.ContainsKey("cursor");
        if (!isSecond)
        {
            context.Response.Headers.Link = $"<{Address}{context.Request.Path}?recursive=true&cursor=2>; rel=\"next\"";
        }

        await context.Response.WriteAsync($"[{string.Join(',', isSecond ? entries[3..] : entries[..3])}]");
    }

    private async Task SendAsync(HttpContext context, string path, string name)
    {
        if (!Files.TryGetValue(name, out byte[]? bytes))
        {
            context.Response.StatusCode = 404;
            return;
        }

        if (RedirectTo is { } target && name == "model.onnx" && !path.StartsWith("/cdn/", StringComparison.Ordinal))
        {
            context.Response.Redirect($"{target}/cdn/{name}?signature=very-secret-signature");
            return;
        }

        if (name == "model.onnx" && WrongBytes is { } wrong)
        {
            bytes = wrong;
        }

        int from = 0;
        if (!IgnoresRange && context.Request.Headers.Range.FirstOrDefault() is { } range)
        {
            from = int.Parse(range["bytes=".Length..^1], CultureInfo.InvariantCulture);
            context.Response.StatusCode = 206;
            context.Response.Headers.ContentRange = $"bytes {from}-{bytes.Length - 1}/{bytes.Length}";
        }

        context.Response.ContentLength = bytes.Length - from;
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        if (name == "model.onnx" && (Cut.Times > 0 || Midway is not null))
        {
            int length = Midway is null ? Cut.Bytes : 100_000;
            await context.Response.Body.WriteAsync(bytes.AsMemory(from, length));
            await context.Response.Body.FlushAsync();
            BytesSent += length;
            if (Midway is { } midway)
            {
                midway();
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            }

            // A reset takes with it what the other end has not read yet.
            Cut = (Cut.Bytes, Cut.Times - 1);
            await Task.Delay(TimeSpan.FromMilliseconds(100));
            context.Abort();
            return;
        }

        BytesSent += bytes.Length - from;
        await context.Response.Body.WriteAsync(bytes.AsMemory(from));
    }
}
