using Microsoft.Extensions.AI;
using Microsoft.ML.OnnxRuntimeGenAI;

namespace Ensemble.Onnx.Tests.Local;

internal sealed class SmolLM2FixtureTests
{
    private static readonly SmolLM2Fixture Fixture = SmolLM2Fixture.Read();

    [Test]
    public void Texts_GiveTheirIds()
    {
        LoadedModel model = SharedSmolLM2.Model;
        string[] wrong = [.. Fixture.Tokenizer.Where(item => !Encode(model, item.Text).SequenceEqual(item.Ids)).Select(item => item.Text)];
        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void Conversations_GiveTheirIds()
    {
        foreach (SmolLM2Fixture.Conversation chat in Fixture.Chat)
        {
            PromptMessage[] messages = [.. chat.Messages.Select(message => new PromptMessage(new ChatRole(message.Role), message.Content))];
            Assert.That(SharedSmolLM2.Model.Prompts.EncodeChat(messages), Is.EqualTo(chat.PromptIds));
        }
    }

    [Test]
    public async Task TeacherForced_TheArgmaxIsTheFixturesWhereTheLeadIsClear()
    {
        await SharedSmolLM2.OnModelThread(model =>
        {
            int compared = 0;
            foreach (SmolLM2Fixture.Conversation chat in Fixture.Chat)
            {
                int[] text = [.. chat.PromptIds, .. chat.GreedyIds];
                using KeptGenerator kept = model.Pool.Take("fixture", text, text.Length);
                kept.Bring(chat.PromptIds, CancellationToken.None);
                for (int step = 0; step < chat.GreedyIds.Length; step++)
                {
                    using (Logits logits = Logits.Read(kept.Generator))
                    {
                        if (chat.Gaps[step] >= 1)
                        {
                            compared++;
                            Assert.That(LogProbability.Top(logits.LastRow, 1)[0], Is.EqualTo(chat.GreedyIds[step]), $"step {step}");
                        }
                    }

                    kept.Generator.AppendToken(chat.GreedyIds[step]);
                }
            }

            Assert.That(compared, Is.GreaterThan(100));
            return compared;
        });
    }

    [Test]
    public async Task LogLikelihoods_AreWithinTwoPercent()
    {
        await SharedSmolLM2.OnModelThread(model =>
        {
            foreach (SmolLM2Fixture.Likelihood item in Fixture.LogLikelihood)
            {
                ContinuationScores scores = ContinuationScoring.Run(model, item.Ids[..1], 1, [("", item.Ids[1..])], "fixture", CancellationToken.None);
                Assert.That(scores.Best.LogLikelihood, Is.EqualTo(item.Total).Within(2).Percent);
            }

            return 0;
        });
    }

    // The fixture gives control tokens for their literals, as a template's own text does.
    private static int[] Encode(LoadedModel model, string text)
    {
        if (!text.Contains("<|", StringComparison.Ordinal) && !text.Contains("_name>", StringComparison.Ordinal) && !text.Contains("_output>", StringComparison.Ordinal))
        {
            return model.Prompts.EncodeText(text);
        }

        using Sequences sequences = model.Tokenizer.Encode(text);
        return sequences[0].ToArray();
    }
}
