using Ensemble.Cli.Tests.Running;
using Ensemble.Testing;
using Microsoft.Extensions.AI;

namespace Ensemble.Cli.Tests;

public class AskTests
{
    private const string Trace = "   at ";

    [Test]
    public async Task Answer_GoesToStandardOutputAloneAndEndsWithALine()
    {
        CommandResult result = await AskAsync(AnswerScript.Text("Se", "oul."), "Where?");
        Assert.That(result, Is.EqualTo(new CommandResult(ExitCode.Ok, "Seoul." + Environment.NewLine, "")));
    }

    [Test]
    public async Task Json_IsOneDocumentWithTextAndReceipt()
    {
        CommandResult result = await AskAsync(AnswerScript.Text("서울 \"Seoul\""), "Where?", "--json");
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Ok), result.ToString());
        Assert.That(result.Json.GetProperty("text").GetString(), Is.EqualTo("서울 \"Seoul\""));
        Assert.That(result.Json.GetProperty("finishReason").GetString(), Is.EqualTo("stop"));
        Assert.That(result.Json.GetProperty("receipt").GetProperty("answeredBy").GetString(), Is.EqualTo("scripted"));
        Assert.That(result.Out, Does.Contain("서울"), "letters stay readable");
    }

    [Test]
    public async Task Options_ReachTheModel()
    {
        using ScriptedMember model = new ScriptedMember("m").Always(AnswerScript.Text("x"));
        await new CommandLine { Scripted = model }.StartAsync("ask", "Hi", "there", "-m", "scripted", "--system", "Be brief.", "--max-tokens", "7", "--temperature", "0.5", "--seed", "11");
        ScriptedCall call = model.Calls[0];
        Assert.That(call.Messages.Select(message => $"{message.Role}: {message.Text}"), Is.EqualTo(new[] { "system: Be brief.", "user: Hi there" }));
        Assert.That((call.Options!.MaxOutputTokens, call.Options.Temperature, call.Options.Seed), Is.EqualTo((7, 0.5f, 11L)));
    }

    [Test]
    public async Task Temperature_IsZeroUnlessGiven()
    {
        using ScriptedMember model = new ScriptedMember("m").Always(AnswerScript.Text("x"));
        await new CommandLine { Scripted = model }.StartAsync("ask", "Hi", "-m", "scripted");
        Assert.That(model.Calls[0].Options!.Temperature, Is.Zero);
    }

    [TestCase(new[] { "ask" }, "piped", ExpectedResult = "piped")]
    [TestCase(new[] { "ask", "-" }, "piped\n", ExpectedResult = "piped")]
    [TestCase(new[] { "ask", "Sum up:", "-" }, "piped", ExpectedResult = "Sum up:\n\npiped")]
    [TestCase(new[] { "ask", "-", "Sum up." }, "piped", ExpectedResult = "piped\n\nSum up.")]
    [TestCase(new[] { "ask", "Hello" }, "never read", ExpectedResult = "Hello")]
    [TestCase(new[] { "ask", "@nobody", "there?" }, null, ExpectedResult = "@nobody there?")]
    public async Task<string> Question_IsReadFromArgumentsAndStandardInput(string[] args, string? input)
    {
        using ScriptedMember model = new ScriptedMember("m").Always(AnswerScript.Text("x"));
        await new CommandLine { Scripted = model, Input = input }.StartAsync([.. args, "-m", "scripted"]);
        return model.Calls[0].Messages[^1].Text;
    }

    [TestCase("What shall be asked?", "ask")]
    [TestCase("The question is empty", "ask", "  ")]
    [TestCase("read only once", "ask", "-", "-")]
    [TestCase("--temperature 3 is out of range", "ask", "x", "--temperature", "3")]
    [TestCase("--max-tokens 0 is out of range", "ask", "x", "--max-tokens", "0")]
    [TestCase("--panel 'two' cannot be read", "ask", "x", "--panel", "two")]
    [TestCase("--temperature 'warm' cannot be read", "ask", "x", "--temperature", "warm")]
    [TestCase("--seed '99999999999999999999' cannot be read", "ask", "x", "--seed", "99999999999999999999")]
    [TestCase("Did you mean '--choices'?", "ask", "x", "--panel", "3", "--chioces", "a,b")]
    [TestCase("There is no option '--max-token'", "ask", "x", "--max-token=5")]
    [TestCase("Did you mean '--chat'?", "score", "x", "--choices", "a,b", "--chta")]
    [TestCase("--panel 1 is out of range", "ask", "x", "--panel", "1")]
    [TestCase("add --panel 5", "ask", "x", "--choices", "a,b")]
    [TestCase("fewer than two", "ask", "x", "--panel", "3", "--choices", "a")]
    [TestCase("has 'a' twice", "ask", "x", "--panel", "3", "--choices", "a,b,a")]
    [TestCase("give one of them", "ask", "x", "--panel", "3", "--choices", "a,b", "--schema", "s.json")]
    [TestCase("--schema takes a file", "ask", "x", "--schema", "nowhere.json")]
    [TestCase("--config takes a JSON file", "ask", "x", "--config", "nowhere.json")]
    [TestCase("No model or composition is called 'nobody'", "ask", "x", "--model", "nobody")]
    [TestCase("Did you mean 'openai'?", "ask", "x", "--model", "opanai/gpt-5-mini")]
    [TestCase("There is no model folder", "ask", "x", "--model", "./nowhere")]
    public async Task Mistake_IsOneMessageWithTheFixAndNothingOnStandardOutput(string message, params string[] args)
    {
        CommandResult result = await CommandLine.RunAsync(args);
        Assert.That(result.ExitCode, Is.AnyOf(ExitCode.Usage, ExitCode.Failed), result.ToString());
        Assert.That(result.Error, Does.StartWith("error: ").And.Contain(message).And.Not.Contain(Trace));
        Assert.That(result.Out, Is.Empty);
    }

    [TestCase("--help me", "--", "--help me")]
    [TestCase("--chioces", "--", "--chioces")]
    [TestCase("-5 plus 3", "-5", "plus", "3")]
    [TestCase("--well, is this a question?", "--well, is this a question?")]
    public async Task TextThatBeginsWithADash_CanBeAsked(string question, params string[] args)
    {
        using ScriptedMember model = new ScriptedMember("m").Always(AnswerScript.Text("x"));
        await new CommandLine { Scripted = model }.StartAsync(["ask", "-m", "scripted", .. args]);
        Assert.That(model.Calls[0].Messages[^1].Text, Is.EqualTo(question));
    }

    [Test]
    public async Task AnUnknownName_IsAMistakeOfTheCommandLine()
    {
        Assert.That((await CommandLine.RunAsync("ask", "x", "--model", "locl")).ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That((await CommandLine.RunAsync("ask", "x", "--model", "locl")).Error, Does.Contain("Did you mean 'local'?"));
    }

    [Test]
    public async Task AConfigurationWithoutModels_SaysSo()
    {
        using TemporaryFile file = new("{}");
        CommandResult result = await CommandLine.RunAsync("ask", "x", "--config", file.Path);
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(result.Error, Does.Contain("has no models"));
    }

    [Test]
    public async Task Failure_OfTheModelEndsWithItsMessageAndOne()
    {
        CommandResult result = await AskAsync(AnswerScript.Fail(new HttpRequestException("The line is dead.")), "Hi");
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Failed), result.ToString());
        Assert.That(result.Error, Does.Contain("The line is dead.").And.Not.Contain(Trace));
    }

    [Test]
    public async Task Cancellation_EndsQuietlyWith130()
    {
        using CancellationTokenSource stop = new();
        using ScriptedMember model = new ScriptedMember("m").Always(_ =>
        {
            stop.Cancel();
            return AnswerScript.Hang();
        });
        CommandResult result = await new CommandLine { Scripted = model, CancellationToken = stop.Token }.StartAsync("ask", "Hi", "-m", "scripted");
        Assert.That(result, Is.EqualTo(new CommandResult(ExitCode.Cancelled, "", "")));
    }

    [Test]
    public async Task CutAnswer_SaysHowToGetMore()
    {
        CommandResult result = await AskAsync(AnswerScript.Text("and then").FinishingWith(ChatFinishReason.Length), "Tell", "--max-tokens", "2");
        Assert.That(result.Out, Is.EqualTo("and then" + Environment.NewLine));
        Assert.That(result.Error, Does.Contain("cut at 2 tokens").And.Contain("--max-tokens"));
    }

    [Test]
    public async Task Receipt_IsPrintedBesideTheAnswerOnRequest()
    {
        CommandResult result = await AskAsync(AnswerScript.Text("x"), "Hi", "--receipt");
        Assert.That(result.Out, Is.EqualTo("x" + Environment.NewLine));
        Assert.That(result.Error, Does.StartWith("scripted answered"));
    }

    [Test]
    public async Task Schema_ReachesTheModelAndJsonCarriesTheValue()
    {
        using TemporaryFile schema = new("""{ "type": "object", "properties": { "city": { "type": "string" } } }""");
        using ScriptedMember model = new ScriptedMember("m").Always(AnswerScript.Text("""{"city":"Seoul"}"""));
        CommandResult result = await new CommandLine { Scripted = model }.StartAsync("ask", "Where?", "-m", "scripted", "--schema", schema.Path, "--json");
        Assert.That(model.Calls[0].Options!.ResponseFormat, Is.InstanceOf<ChatResponseFormatJson>());
        Assert.That(result.Json.GetProperty("value").GetProperty("city").GetString(), Is.EqualTo("Seoul"));
    }

    [TestCase("[]", "must be an object")]
    [TestCase("{", "is not valid JSON")]
    public async Task Schema_ThatIsNoneIsRefused(string text, string message)
    {
        using TemporaryFile schema = new(text);
        CommandResult result = await CommandLine.RunAsync("ask", "Where?", "--schema", schema.Path);
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(result.Error, Does.Contain(message));
    }

    [Test]
    public async Task ReaderThatLeaves_StopsTheModel_AndIsNoError()
    {
        using ScriptedMember model = new ScriptedMember("m").Always(AnswerScript.Text("one ", "two ", "three ", "four"));
        using ClosedPipe output = new(after: 2);
        CommandResult result = await new CommandLine { Scripted = model, Output = output }.StartAsync("ask", "Count.", "-m", "scripted");
        Assert.That(result, Is.EqualTo(new CommandResult(ExitCode.Ok, "", "")));
        Assert.That(output.ToString(), Is.EqualTo("one two "));
        Assert.That((model.Counters.Completed, model.Counters.EnumeratorsDisposed), Is.EqualTo((0, 1)));
    }

    private sealed class ClosedPipe(int after) : StringWriter
    {
        private const int BrokenPipe = 32;
        private int _writes;

        public override void Write(string? value)
        {
            if (++_writes > after)
            {
                throw new IOException("Broken pipe", BrokenPipe);
            }

            base.Write(value);
        }
    }

    private static async Task<CommandResult> AskAsync(AnswerScript answer, params string[] args)
    {
        using ScriptedMember model = new ScriptedMember("m").Always(answer);
        return await new CommandLine { Scripted = model }.StartAsync(["ask", "-m", "scripted", .. args]);
    }
}
