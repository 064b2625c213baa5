using System.ClientModel;
using System.Text;
using Microsoft.Extensions.AI;
using OpenAI;

namespace Ensemble.Providers.Tests;

/// <summary>Error bodies in the words of each provider's public reference: the body decides before the status.</summary>
internal sealed class ErrorBodyTests
{
    [TestCase(429, """{"error":{"message":"You exceeded your current quota, please check your plan and billing details.","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}""", FailureClass.QuotaExhausted)]
    [TestCase(429, """{"error":{"message":"Rate limit reached for gpt-5-mini. Please try again in 20s.","type":"requests","param":null,"code":"rate_limit_exceeded"}}""", FailureClass.RateLimited)]
    [TestCase(400, """{"error":{"message":"This model's maximum context length is 8192 tokens.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}""", FailureClass.PromptTooLong)]
    [TestCase(400, """{"error":{"message":"Unsupported parameter: 'temperature'","type":"invalid_request_error","param":"temperature","code":"unsupported_parameter"}}""", FailureClass.UnsupportedOption)]
    [TestCase(400, """{"error":{"message":"The response was filtered due to the prompt triggering Azure OpenAI's content management policy.","type":null,"param":"prompt","code":"content_filter","status":400,"innererror":{"code":"ResponsibleAIPolicyViolation"}}}""", FailureClass.ContentFilter)]
    [TestCase(404, """{"error":{"code":"DeploymentNotFound","message":"The API deployment for this resource does not exist."}}""", FailureClass.ModelNotFound)]
    [TestCase(400, """{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the Anthropic API."}}""", FailureClass.QuotaExhausted)]
    [TestCase(400, """{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 210000 tokens > 200000 maximum"}}""", FailureClass.PromptTooLong)]
    [TestCase(529, """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""", FailureClass.Overloaded)]
    [TestCase(400, """[{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}]""", FailureClass.Unauthorized)]
    [TestCase(429, """[{"error":{"code":429,"message":"Resource has been exhausted.","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaId":"GenerateRequestsPerDayPerProjectPerModel"}]}]}}]""", FailureClass.QuotaExhausted)]
    [TestCase(429, """[{"error":{"code":429,"message":"Resource has been exhausted.","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"33s"}]}}]""", FailureClass.RateLimited)]
    [TestCase(503, """[{"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}}]""", FailureClass.Overloaded)]
    [TestCase(402, """{"error":{"message":"Insufficient Balance","type":"unknown_error","param":null,"code":"invalid_request_error"}}""", FailureClass.QuotaExhausted)]
    [TestCase(400, """{"error":{"message":"Failed to generate JSON.","type":"invalid_request_error","code":"json_validate_failed","failed_generation":"{"}}""", FailureClass.Protocol)]
    [TestCase(400, """{"error":{"message":"Failed to call a function.","type":"invalid_request_error","code":"tool_use_failed"}}""", FailureClass.Protocol)]
    [TestCase(498, """{"error":{"message":"Flex tier capacity exceeded","type":"capacity_exceeded"}}""", FailureClass.Overloaded)]
    [TestCase(422, """{"detail":[{"type":"missing","loc":["body","messages"],"msg":"Field required"}]}""", FailureClass.BadRequest)]
    [TestCase(400, """{"object":"error","message":"This model's maximum context length is 4096 tokens.","type":"BadRequestError","param":null,"code":400}""", FailureClass.PromptTooLong)]
    [TestCase(404, """{"error":"model 'x' not found, try pulling it first"}""", FailureClass.ModelNotFound)]
    [TestCase(400, """{"error":"registry.ollama.ai/library/x does not support tools"}""", FailureClass.UnsupportedOption)]
    [TestCase(500, """{"error":"model runner has unexpectedly stopped"}""", FailureClass.Transport)]
    [TestCase(429, """{"__type":"ThrottlingException","message":"Too many requests"}""", FailureClass.RateLimited)]
    [TestCase(502, "<html><title>502 Bad Gateway</title></html>", FailureClass.Transport)]
    [TestCase(429, "", FailureClass.RateLimited)]
    [TestCase(400, """{"error":{"message":"Cut in what it quotes: \ud83d","type":"invalid_request_error","code":"context_length_exceeded"}}""", FailureClass.PromptTooLong)]
    [TestCase(400, """{"error":"prompt is too long: \ud83d"}""", FailureClass.PromptTooLong)]
    [TestCase(429, """{"err\ud83dr":"half a character in a name"}""", FailureClass.RateLimited)]
    [TestCase(429, "\"\\ud83d\"", FailureClass.RateLimited)]
    public void Body_OfEachProvider_HasItsClass(int status, string body, FailureClass expected) =>
        Assert.That(ErrorBody.Classify(status, ErrorFacts.Read(Encoding.UTF8.GetBytes(body))), Is.EqualTo(expected));

    [TestCase("Retry-After", "7", "", 7)]
    [TestCase("retry-after-ms", "1500", "", 1.5)]
    [TestCase("x-ratelimit-reset-requests", "6m0s", "", 360)]
    [TestCase("X-Nothing", "1", "Please try again in 250ms.", 0.25)]
    public async Task RateLimit_InEachDialect_SaysWhenToComeBack(string header, string value, string message, double seconds)
    {
        RecordedRoute route = RecordingServer.Open(new ChatScript().Error(429, "rate_limit_exceeded", message).With(header, value));
        using IChatClient client = new ChatScript().Connect(route);
        ProviderException error = (await Assert.ThrowsAsync<ProviderException>(async () => await client.GetResponseAsync("?")))!;
        Assert.That(error.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(seconds)));
    }

    [Test]
    public async Task Classifier_ExceptionOfTheBareSdk_IsKnown()
    {
        RecordedRoute route = RecordingServer.Open(new ChatScript().Error(429, "insufficient_quota"));
        OpenAIClient sdk = new(new ApiKeyCredential("k"), new OpenAIClientOptions { Endpoint = route.Address, RetryPolicy = new System.ClientModel.Primitives.ClientRetryPolicy(0) });
        using IChatClient client = sdk.GetChatClient("m").AsIChatClient();
        ClientResultException error = (await Assert.ThrowsAsync<ClientResultException>(async () => await client.GetResponseAsync("?")))!;
        Assert.That(new SdkFailureClassifier().TryClassify(error, out Failure? failure), Is.True);
        Assert.That(failure!.Value.Class, Is.EqualTo(FailureClass.QuotaExhausted));
        Assert.That(new SdkFailureClassifier().TryClassify(new InvalidOperationException(), out _), Is.False);
    }
}
