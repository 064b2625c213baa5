using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Ensemble.Tests;

public class FailureReaderTests
{
    private static readonly object[] Rows =
    [
        new object[] { new HttpRequestException("x", null, HttpStatusCode.TooManyRequests), FailureClass.RateLimited, FailureScope.Elsewhere },
        new object[] { new HttpRequestException("insufficient_quota", null, HttpStatusCode.TooManyRequests), FailureClass.QuotaExhausted, FailureScope.Deployment },
        new object[] { new HttpRequestException("context_length_exceeded", null, HttpStatusCode.BadRequest), FailureClass.PromptTooLong, FailureScope.Window },
        new object[] { new HttpRequestException("x", null, HttpStatusCode.BadRequest), FailureClass.BadRequest, FailureScope.Request },
        new object[] { new HttpRequestException("x", null, (HttpStatusCode)529), FailureClass.Overloaded, FailureScope.Elsewhere },
        new object[] { new HttpRequestException("no such host"), FailureClass.Transport, FailureScope.Elsewhere },
        new object[] { new SocketException(), FailureClass.Transport, FailureScope.Elsewhere },
        new object[] { new JsonException(), FailureClass.Protocol, FailureScope.Elsewhere },
        new object[] { new TimeoutException(), FailureClass.Timeout, FailureScope.Elsewhere },
        new object[] { new OperationCanceledException(), FailureClass.Timeout, FailureScope.Elsewhere },
        new object[] { new ArgumentException("x"), FailureClass.BadRequest, FailureScope.Request },
        new object[] { new ArgumentException("x", "key"), FailureClass.BadRequest, FailureScope.Request },
        new object[] { new ArgumentOutOfRangeException("options.Temperature"), FailureClass.BadRequest, FailureScope.Request },
        new object[] { new ArgumentOutOfRangeException("options!.TopP"), FailureClass.BadRequest, FailureScope.Request },
        new object[] { new ArgumentOutOfRangeException("maxOutputTokens"), FailureClass.BadRequest, FailureScope.Request },
        new object[] { new ArgumentNullException("messages"), FailureClass.BadRequest, FailureScope.Request },
        new object[] { new ArgumentOutOfRangeException("value", "eos", "Unknown ChatFinishReason value."), FailureClass.Unknown, FailureScope.Elsewhere },
        new object[] { new ArgumentOutOfRangeException("index"), FailureClass.Unknown, FailureScope.Elsewhere },
        new object[] { new ArgumentOutOfRangeException(), FailureClass.Unknown, FailureScope.Elsewhere },
        new object[] { new ArgumentNullException("apiKey"), FailureClass.Unknown, FailureScope.Elsewhere },
        new object[] { new NotSupportedException(), FailureClass.UnsupportedOption, FailureScope.Request },
        new object[] { new PlatformNotSupportedException(), FailureClass.Unknown, FailureScope.Elsewhere },
        new object[] { new InvalidOperationException("x", new IOException()), FailureClass.Transport, FailureScope.Elsewhere },
        new object[] { new InvalidOperationException("x", new ModelBusyException("full")), FailureClass.Overloaded, FailureScope.Elsewhere },
        new object[] { new InvalidOperationException(), FailureClass.Unknown, FailureScope.Elsewhere },
        new object[] { new ModelLoadException("gone"), FailureClass.ModelNotFound, FailureScope.Deployment },
    ];

    [TestCaseSource(nameof(Rows))]
    public void Exception_HasItsClassAndScope(Exception exception, FailureClass expected, FailureScope scope)
    {
        Failure failure = new FailureReader([]).Read(exception);
        Assert.That((failure.Class, failure.Scope), Is.EqualTo((expected, scope)));
    }

    [Test]
    public void TheWait_IsReadOutOfTheMessageOfAForeignRefusal() => Assert.Multiple(() =>
    {
        HttpRequestException refusal = new("Rate limit reached. Please try again in 20s.", null, HttpStatusCode.TooManyRequests);
        Assert.That(new FailureReader([]).Read(new InvalidOperationException("x", refusal)), Is.EqualTo(new Failure(FailureClass.RateLimited, TimeSpan.FromSeconds(20))));
        Assert.That(new FailureReader([]).Read(new HttpRequestException("try again in 20s", null, HttpStatusCode.BadGateway)).RetryAfter, Is.Null);
    });

    [Test]
    public void ClassifierOfAPackage_IsAskedBeforeTheDefault_ButNotAboutOurOwnErrors()
    {
        FailureReader reader = new([new Always()]);
        Assert.Multiple(() =>
        {
            Assert.That(reader.Read(new IOException()).Class, Is.EqualTo(FailureClass.QuotaExhausted));
            Assert.That(reader.Read(new PromptTooLongException()).Class, Is.EqualTo(FailureClass.PromptTooLong));
        });
    }

    [Test]
    public void Description_RepeatsOnlyOurOwnMessages() => Assert.Multiple(() =>
    {
        Assert.That(FailureReader.Describe(new InvalidOperationException("the prompt was: secret")), Is.EqualTo("InvalidOperationException"));
        Assert.That(FailureReader.Describe(new HttpRequestException("secret", null, HttpStatusCode.BadGateway)), Is.EqualTo("HTTP 502"));
        Assert.That(FailureReader.Describe(new ModelBusyException("The queue is full.")), Is.EqualTo("The queue is full."));
    });

    [Test]
    public void ClassifierThatThrows_IsPassedOver()
    {
        FailureReader reader = new([new Throwing(), new Always()]);
        Assert.That(reader.Read(new IOException()).Class, Is.EqualTo(FailureClass.QuotaExhausted));
        Assert.That(new FailureReader([new Throwing()]).Read(new IOException()).Class, Is.EqualTo(FailureClass.Transport));
    }

    private sealed class Throwing : IFailureClassifier
    {
        public bool TryClassify(Exception exception, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Failure? failure) => throw new InvalidCastException();
    }

    private sealed class Always : IFailureClassifier
    {
        public bool TryClassify(Exception exception, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Failure? failure)
        {
            failure = new Failure(FailureClass.QuotaExhausted);
            return true;
        }
    }
}
