using CsCheck;

namespace Ensemble.Tests;

public class RetryAfterTests
{
    private static readonly DateTimeOffset Now = new(2026, 10, 21, 7, 27, 40, TimeSpan.Zero);

    [TestCase("Retry-After", "20", 20)]
    [TestCase("retry-after", " 1.5 ", 1.5)]
    [TestCase("Retry-After", "Wed, 21 Oct 2026 07:28:00 GMT", 20)]
    [TestCase("Retry-After", "Wed, 21 Oct 2026 07:00:00 GMT", 0)]
    [TestCase("retry-after-ms", "350", 0.35)]
    [TestCase("x-ms-retry-after-ms", "2000", 2)]
    [TestCase("x-ratelimit-reset-requests", "1s", 1)]
    [TestCase("x-ratelimit-reset-tokens", "6m0s", 360)]
    [TestCase("x-ratelimit-reset-tokens", "1h2m3.5s", 3723.5)]
    [TestCase("x-ratelimit-reset-requests", "88ms", 0.088)]
    [TestCase("x-ratelimit-reset", "1792567680", 20)]
    [TestCase("x-ratelimit-reset", "1792567680000", 20)]
    [TestCase("x-ratelimit-reset", "30", 30)]
    [TestCase("anthropic-ratelimit-requests-reset", "2026-10-21T07:28:00Z", 20)]
    [TestCase("x-ratelimit-reset-requests-day", "33011.5", 33011.5)]
    [TestCase("X-RateLimit-Reset-Tokens-Minute", "12", 12)]
    [TestCase("RateLimit", "limit=100, remaining=0, reset=7", 7)]
    [TestCase("RateLimit", "\"default\";r=0;t=7", 7)]
    [TestCase("RateLimit", "\"burst\";r=5;t=2, \"daily\";r=0;t=70", 70)]
    [TestCase("ratelimit-reset", "7", 7)]
    [TestCase("Retry-After", "31536000", 86400)]
    [TestCase("Retry-After", "-5", 0)]
    public void Headers_AreReadInEachDialect(string name, string value, double seconds) =>
        Assert.That(RetryAfter.Read(Headers((name, value)), null, Now), Is.EqualTo(TimeSpan.FromSeconds(seconds)));

    [TestCase("Rate limit reached. Please try again in 20s. Visit", 20)]
    [TestCase("Please try again in 6m0s.", 360)]
    [TestCase("Please try again in 1.242s.", 1.242)]
    [TestCase("Please retry after 20 seconds.", 20)]
    [TestCase("Try again in 350ms", 0.35)]
    [TestCase("{\"retryDelay\": \"34s\"}", 34)]
    [TestCase("{\"retryDelay\" : \"34s\"}", 34)]
    [TestCase("{\"retryDelay\":\"34s\"}", 34)]
    [TestCase("Please try again after 5 seconds.", 5)]
    [TestCase("The model will be available in about 5 seconds", 5)]
    [TestCase("Please wait 30 seconds and ask again", 30)]
    [TestCase("wait for at least 2 minutes", 120)]
    [TestCase("Retry after: soon. Please try again in 9s", 9)]
    public void TheBody_IsReadWhenNoHeaderSaysIt(string body, double seconds) =>
        Assert.That(RetryAfter.Read(Headers(), body, Now), Is.EqualTo(TimeSpan.FromSeconds(seconds)));

    [TestCase("Retry-After", "soon")]
    [TestCase("Retry-After", "")]
    [TestCase("Retry-After", "20 tokens")]
    [TestCase("x-ratelimit-limit-requests", "60")]
    public void WhatSaysNothing_IsNull(string name, string value) =>
        Assert.That(RetryAfter.Read(Headers((name, value)), "Try again in a while; 5 tries left.", Now), Is.Null);

    [Test]
    public void TheMostExactStatement_Wins() =>
        Assert.That(RetryAfter.Read(Headers(("Retry-After", "1"), ("retry-after-ms", "400"), ("x-ratelimit-reset-requests", "9s")), "try again in 7s", Now),
            Is.EqualTo(TimeSpan.FromMilliseconds(400)));

    [Test]
    public void OnlyALimitThatIsUsedUp_Counts()
    {
        Assert.That(RetryAfter.Read(Headers(
            ("x-ratelimit-remaining-requests", "0"), ("x-ratelimit-reset-requests", "2s"),
            ("x-ratelimit-remaining-tokens", "4000"), ("x-ratelimit-reset-tokens", "6m0s")), null, Now), Is.EqualTo(TimeSpan.FromSeconds(2)));
        Assert.That(RetryAfter.Read(Headers(("x-ratelimit-reset-requests", "2s"), ("x-ratelimit-reset-tokens", "6m0s")), null, Now),
            Is.EqualTo(TimeSpan.FromMinutes(6)), "when it is not known which refused, the longer one is safe");
    }

    [Test]
    public void ALargeRequestRefusedByALimitThatHasSomethingLeft_WaitsForTheFirstReset()
    {
        IReadOnlyDictionary<string, string> headers = Headers(
            ("x-ratelimit-remaining-requests", "9"), ("x-ratelimit-reset-requests", "2h"), ("x-ratelimit-remaining-tokens", "400"), ("x-ratelimit-reset-tokens", "7s"));
        Assert.Multiple(() =>
        {
            Assert.That(RetryAfter.Read(headers, null, Now, isRateLimit: true), Is.EqualTo(TimeSpan.FromSeconds(7)));
            Assert.That(RetryAfter.Read(headers, null, Now), Is.Null, "a server error with the same headers says nothing about them");
            Assert.That(new ModelHttpException("x") { StatusCode = 429, Headers = headers }.GetRetryAfter(Now), Is.EqualTo(TimeSpan.FromSeconds(7)));
            Assert.That(new ModelHttpException("x") { StatusCode = 500, Headers = headers }.GetRetryAfter(Now), Is.Null);
        });
    }

    [Test]
    public void ADate_IsNoNumberOfSeconds() => Assert.That(RetryAfter.Read(Headers(), "Please try again after 2026-11-26.", Now), Is.Null);

    [Test]
    public void AnyText_IsReadWithoutThrowingAndWithinTheBounds() =>
        Gen.Select(Gen.String, Gen.String).Sample((value, body) =>
            RetryAfter.Read(Headers(("Retry-After", value), ("x-ratelimit-reset", value)), "try again in " + body, Now) is not { } wait
            || (wait >= TimeSpan.Zero && wait <= RetryAfter.Longest));

    [Test]
    public void AnyDurationWrittenInParts_IsReadBack() =>
        Gen.Int[0, 86_399_999].Sample(milliseconds =>
        {
            TimeSpan whole = TimeSpan.FromMilliseconds(milliseconds);
            return RetryAfter.ReadDuration($"{whole.Hours}h{whole.Minutes}m{whole.Seconds}s{whole.Milliseconds}ms") is { } read
                && (read - whole).Duration() < TimeSpan.FromMilliseconds(0.01);
        });

    [TestCase(429, """{"error":{"code":"insufficient_quota"}}""", FailureClass.QuotaExhausted)]
    [TestCase(400, """{"error":{"message":"Your credit balance is too low"}}""", FailureClass.QuotaExhausted)]
    [TestCase(400, """{"error":{"code":"context_length_exceeded"}}""", FailureClass.PromptTooLong)]
    [TestCase(400, """{"error":{"code":"json_validate_failed"}}""", FailureClass.Protocol)]
    [TestCase(400, null, FailureClass.BadRequest)]
    [TestCase(400, """{"error":{"type":"invalid_request_error","message":"cannot parse 'what does invalid_api_key or insufficient_quota mean?'"}}""", FailureClass.BadRequest)]
    [TestCase(400, """{"error":{"type":"invalid_request_error","message":"This model's maximum context length is 8192 tokens"}}""", FailureClass.PromptTooLong)]
    [TestCase(400, """{"type":"error","error":{"type":"overloaded_error","message":"quoted: invalid_api_key"}}""", FailureClass.Overloaded)]
    [TestCase(400, """HTTP 400: {"error":{"code":"invalid_api_key"}} (see the log)""", FailureClass.Unauthorized)]
    [TestCase(400, "{ broken: insufficient_quota", FailureClass.QuotaExhausted)]
    [TestCase(409, null, FailureClass.Transport)]
    [TestCase(424, null, FailureClass.Transport)]
    [TestCase(425, null, FailureClass.RateLimited)]
    [TestCase(499, null, FailureClass.Timeout)]
    [TestCase(401, null, FailureClass.Unauthorized)]
    [TestCase(402, null, FailureClass.QuotaExhausted)]
    [TestCase(403, null, FailureClass.Forbidden)]
    [TestCase(404, null, FailureClass.ModelNotFound)]
    [TestCase(408, null, FailureClass.Timeout)]
    [TestCase(429, null, FailureClass.RateLimited)]
    [TestCase(500, null, FailureClass.Transport)]
    [TestCase(503, null, FailureClass.Overloaded)]
    [TestCase(529, null, FailureClass.Overloaded)]
    [TestCase(200, "<html>", FailureClass.Protocol)]
    public void AnHttpAnswer_IsClassifiedByItsBodyBeforeItsStatus(int status, string? body, FailureClass expected) =>
        Assert.That(new ModelHttpException("x") { StatusCode = status, Body = body }.FailureClass, Is.EqualTo(expected));

    private static Dictionary<string, string> Headers(params (string Name, string Value)[] headers) =>
        headers.ToDictionary(header => header.Name, header => header.Value, StringComparer.OrdinalIgnoreCase);
}
