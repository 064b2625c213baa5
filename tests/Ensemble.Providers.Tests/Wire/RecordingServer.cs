using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ensemble.Providers.Tests;

/// <summary>
/// A server on a loopback socket that plays prepared answers and records what it was asked. One runs for the whole assembly; every
/// test has a path of its own, so tests do not meet.
/// </summary>
[SetUpFixture]
internal sealed class RecordingServer
{
    private static readonly ConcurrentDictionary<string, RecordedRoute> Routes = new();
    private static WebApplication? _application;
    private static string? _address;

    [OneTimeSetUp]
    public static async Task StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.Listen(IPAddress.Loopback, 0);
            k.Limits.MinResponseDataRate = null;
        });
        _application = builder.Build();
        _application.Run(AnswerAsync);
        await _application.StartAsync();
        _address = _application.Urls.Single();
    }

    [OneTimeTearDown]
    public static async Task StopAsync()
    {
        using CancellationTokenSource atOnce = new();
        await atOnce.CancelAsync();
        await _application!.StopAsync(atOnce.Token);
        await _application.DisposeAsync();
    }

    /// <summary>Opens a path that plays the given answers in turn, the last one for ever.</summary>
    public static RecordedRoute Open(params Play[] plays)
    {
        string id = Guid.NewGuid().ToString("N");
        RecordedRoute route = new(new Uri($"{_address}/{id}"), plays);
        Routes[id] = route;
        return route;
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        string[] parts = context.Request.Path.Value!.Split('/', 3);
        if (!Routes.TryGetValue(parts[1], out RecordedRoute? route))
        {
            context.Response.StatusCode = 404;
            return;
        }

        using MemoryStream body = new();
        await context.Request.Body.CopyToAsync(body);
        RecordedRequest request = new(
            "/" + parts[2], context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray());
        Play play = route.Next(request);
        try
        {
            await SendAsync(context, play);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            request.MarkLeft();
        }
    }

    private static async Task SendAsync(HttpContext context, Play play)
    {
        CancellationToken left = context.RequestAborted;
        if (play.Until is { } until)
        {
            await until.WaitAsync(left);
        }

        context.Response.StatusCode = play.Status;
        context.Response.ContentType = play.ContentType;
        foreach ((string name, string value) in play.Headers)
        {
            context.Response.Headers[name] = value;
        }

        if (play.Ending == Ending.ShortOfLength)
        {
            context.Response.ContentLength = play.Segments.Sum(s => s.Length) + play.MissingBytes;
        }

        foreach (byte[] segment in play.Segments)
        {
            await context.Response.Body.WriteAsync(segment, left);
            await context.Response.Body.FlushAsync(left);
        }

        if (play.BeforeEnd is { } gate)
        {
            await gate.WaitAsync(left);
        }

        switch (play.Ending)
        {
            case Ending.Reset or Ending.ShortOfLength:
                context.Abort();
                break;
            case Ending.Stall:
                await context.Response.Body.FlushAsync(left);
                await Task.Delay(Timeout.Infinite, left);
                break;
            default:
                break;
        }
    }
}
