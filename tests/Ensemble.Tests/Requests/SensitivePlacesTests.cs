using Microsoft.Extensions.AI;

namespace Ensemble.Tests;

public class SensitivePlacesTests
{
    [Test]
    public void EachPlace_IsNamedByItsPartOfTheRequest_AndItsCharacters()
    {
        ChatMessage[] messages =
        [
            new(ChatRole.User, "hello"),
            new(ChatRole.User, "Write to ada@example.com and to bob@example.com."),
            new(ChatRole.Tool, [new FunctionResultContent("1", "card 4111 1111 1111 1111")]),
        ];
        string[] places = [.. new RequestProfile(messages, new ChatOptions { Instructions = "Call 010-1234-5678.", StopSequences = ["eve@example.com"] }).SensitivePlaces.Select(place => place.ToString())];
        Assert.That(places, Is.EqualTo(new[]
        {
            "Phone in the instructions, characters 6 to 18",
            "Email in the options",
            "Email in message 2, characters 10 to 24",
            "Email in message 2, characters 33 to 47",
            "PaymentCard in message 3, result of a tool, characters 6 to 24",
        }));
    }

    [Test]
    public void WhatShowsOnlyDecodedOrJoined_OrToADetector_HasNoCharacters()
    {
        ChatMessage[] messages =
        [
            new(ChatRole.User, "ada&#64;example.com"),
            new(ChatRole.User, [new TextContent("ada@exam"), new TextContent("ple.com")]) { AuthorName = "ada" },
            new(ChatRole.Tool, [new FunctionResultContent("1", new[] { "x", "010-1234-5678" })]),
            new(ChatRole.User, [new DataContent(new byte[] { 0, 1, 2 }, "image/png")]),
            new(ChatRole.User, "Project Aurora"),
        ];
        RequestProfile profile = new(messages, options: null, static text => text.Contains("Aurora", StringComparison.Ordinal) ? SensitiveData.Custom : SensitiveData.None);
        Assert.That(profile.SensitivePlaces.Select(place => (place.Kind, place.Where)), Is.EqualTo(new[]
        {
            (SensitiveData.Email, "message 1"),
            (SensitiveData.Email, "message 2, its parts joined"),
            (SensitiveData.Phone, "message 3, result of a tool"),
            (SensitiveData.Unreadable, "message 4, attachment"),
            (SensitiveData.Custom, "message 5"),
        }));
        Assert.That(profile.SensitivePlaces.Select(place => place.Start), Is.All.Null);
    }

    [Test]
    public void PlacesAndKinds_AgreeOnWhatARequestHolds()
    {
        foreach (string text in new[] { "", "hello", "ada@example.com 4111 1111 1111 1111", "sk-proj-abcdefghij0123456789", "<b>010</b>-<b>1234</b>-<b>5678</b>" })
        {
            RequestProfile profile = new([new ChatMessage(ChatRole.User, text)]);
            Assert.That(profile.SensitivePlaces.Aggregate(SensitiveData.None, static (all, place) => all | place.Kind), Is.EqualTo(profile.SensitiveData), text);
        }
    }
}
