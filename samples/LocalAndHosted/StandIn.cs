using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LocalAndHosted;

/// <summary>
/// Stands in for OpenAI and Anthropic on this machine, so that the sample runs without a key: it speaks as much of both protocols as a
/// streamed answer needs, and it can be told to be in trouble.
/// </summary>
internal sealed class StandIn : IAsyncDisposable
{
    private readonly WebApplication _application;

    private StandIn(WebApplication application) => _application = application;

    /// <summary>Gets or sets whether the OpenAI stand-in reports an overload in the middle of a stream whose status is 200.</summary>
    public bool OpenAIIsInTrouble { get; set; }

    /// <summary>Gets or sets whether the Anthropic stand-in refuses for lack of capacity.</summary>
    public bool AnthropicIsInTrouble { get; set; }

    public Uri OpenAI => new(Address, "v1");

    public Uri Anthropic => Address;

    private Uri Address => new(_application.Urls.Single());

    public static async Task<StandIn> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(server => server.Listen(IPAddress.Loopback, 0));
        WebApplication application = builder.Build();
        StandIn standIn = new(application);
        application.MapPost("/v1/chat/completions", standIn.ChatAsync);
        application.MapPost("/v1/messages", standIn.MessagesAsync);
        await application.StartAsync();
        return standIn;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task ChatAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers["x-request-id"] = "req_standin";
        await ChunkAsync(new JsonObject { ["role"] = "assistant" }, finish: null);
        if (OpenAIIsInTrouble)
        {
            await SendAsync(context, null, new JsonObject { ["error"] = new JsonObject { ["message"] = "Come back later.", ["code"] = "server_overloaded" } });
            return;
        }

        foreach (string piece in new[] { "Seoul is", " the capital", " of South Korea." })
        {
            await ChunkAsync(new JsonObject { ["content"] = piece }, finish: null);
        }

        await ChunkAsync([], finish: "stop");
        await SendAsync(context, null, Chunk([], new JsonObject { ["prompt_tokens"] = 14, ["completion_tokens"] = 8, ["total_tokens"] = 22 }));
        await context.Response.WriteAsync("data: [DONE]\n\n");

        Task ChunkAsync(JsonObject delta, string? finish) =>
            SendAsync(context, null, Chunk(new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = delta, ["finish_reason"] = finish })));
    }

    private async Task MessagesAsync(HttpContext context)
    {
        if (AnthropicIsInTrouble)
        {
            context.Response.StatusCode = 529;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("""{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""");
            return;
        }

        context.Response.ContentType = "text/event-stream";
        await EventAsync("message_start", new JsonObject
        {
            ["message"] = new JsonObject
            {
                ["id"] = "msg_standin",
                ["type"] = "message",
                ["role"] = "assistant",
                ["model"] = "stand-in",
                ["content"] = new JsonArray(),
                ["stop_reason"] = null,
                ["usage"] = new JsonObject { ["input_tokens"] = 15, ["output_tokens"] = 1 },
            },
        });
        await EventAsync("content_block_start", new JsonObject { ["index"] = 0, ["content_block"] = new JsonObject { ["type"] = "text", ["text"] = "" } });
        foreach (string piece in new[] { "The capital of South Korea", " is Seoul." })
        {
            await EventAsync("content_block_delta", new JsonObject { ["index"] = 0, ["delta"] = new JsonObject { ["type"] = "text_delta", ["text"] = piece } });
        }

        await EventAsync("content_block_stop", new JsonObject { ["index"] = 0 });
        await EventAsync("message_delta", new JsonObject { ["delta"] = new JsonObject { ["stop_reason"] = "end_turn" }, ["usage"] = new JsonObject { ["output_tokens"] = 9 } });
        await EventAsync("message_stop", []);

        Task EventAsync(string type, JsonObject data)
        {
            data["type"] = type;
            return SendAsync(context, type, data);
        }
    }

    private static JsonObject Chunk(JsonArray choices, JsonObject? usage = null)
    {
        JsonObject chunk = new() { ["id"] = "chatcmpl-standin", ["object"] = "chat.completion.chunk", ["created"] = 0, ["model"] = "stand-in", ["choices"] = choices };
        if (usage is not null)
        {
            chunk["usage"] = usage;
        }

        return chunk;
    }

    private static async Task SendAsync(HttpContext context, string? name, JsonObject data)
    {
        await context.Response.WriteAsync($"{(name is null ? "" : $"event: {name}\n")}data: {data.ToJsonString()}\n\n");
        await context.Response.Body.FlushAsync();
    }
}
