using CsCheck;
using Microsoft.Extensions.AI;

namespace Ensemble.Tests;

/// <summary>Free answers that say the same: the embedding here calls everything related unless it is told otherwise, so every split below is of the comparison before it.</summary>
public class AnswerClusterTests
{
    private static readonly string[] Sayings = ["Paris", "It is Paris.", "London", "42", "The answer is 42", "41", "not safe", "It is safe", "safe", "B)", "C)", ""];

    [TestCase("Paris", "The capital of France is Paris.", true)]
    [TestCase("Paris", "It is Paris!", true)]
    [TestCase("Paris", "London", false)]
    [TestCase("It is safe", "It is not safe", false)]
    [TestCase("It is safe", "It isn't safe", false)]
    [TestCase("It isn't safe", "not safe", true)]
    [TestCase("안전합니다", "안전하지 않습니다", false)]
    [TestCase("42 apples", "43 apples", false)]
    [TestCase("1,200 apples", "1200.0 apples", true)]
    [TestCase("-4 degrees", "4 degrees", false)]
    [TestCase("(B) blue", "(C) blue", false)]
    [TestCase("red", "dark red", false)]
    [TestCase("red", "red, blue", false)]
    [TestCase("Paris", "Paris Hilton", false)]
    [TestCase("noon", "before noon", false)]
    [TestCase("noon", "It is noon", true)]
    [TestCase("The light is on", "The light is off", false)]
    [TestCase("on", "off", false)]
    [TestCase("Alice killed Bob", "Bob killed Alice", false)]
    [TestCase("The killer is Bob", "The victim is Bob", false)]
    [TestCase("Bob", "The killer is Bob", true)]
    [TestCase("서울", "서울입니다", true)]
    [TestCase("not noon", "noon", false)]
    public async Task Numbers_OptionsAndNegations_AreComparedFirst(string left, string right, bool same)
    {
        IReadOnlyDictionary<string, string?> groups = await FindAsync(new Related(), left, right);
        Assert.That(groups[left] == groups[right], Is.EqualTo(same));
    }

    [Test]
    public async Task Embedding_SplitsOffWhatIsUnrelated_AndIsAskedForNothingElse()
    {
        Related related = new(unrelated: "The name of the heiress is Paris");
        IReadOnlyDictionary<string, string?> groups = await FindAsync(related, "Paris", "It is Paris", "The name of the heiress is Paris", "41");
        Assert.Multiple(() =>
        {
            Assert.That(groups["It is Paris"], Is.EqualTo("Paris"));
            Assert.That(groups["The name of the heiress is Paris"], Is.EqualTo("The name of the heiress is Paris"));
            Assert.That(related.Asked, Does.Not.Contain("41"), "nothing could be the same as this one");
        });
    }

    [Test]
    public void Groups_DoNotDependOnOrder_AndNeverJoinDifferentNumbers() => Gen.Select(Gen.Int[0, Sayings.Length - 1].Select(i => Sayings[i]).Array[1, 8], Gen.Int).Sample((answers, seed) =>
    {
        string[] shuffled = [.. answers];
        new Random(seed).Shuffle(shuffled);
        IReadOnlyDictionary<string, string?> one = FindAsync(new Related(), answers).GetAwaiter().GetResult(), other = FindAsync(new Related(), shuffled).GetAwaiter().GetResult();
        return one.All(pair => other[pair.Key] == pair.Value)
            && one.All(a => one.All(b => a.Value is null || a.Value != b.Value || BallotNormalizer.Number.Read(a.Key) == BallotNormalizer.Number.Read(b.Key)));
    });

    [Test]
    public void AnyText_IsReadWithoutACrash() => Gen.String.Sample(text => AnswerFacts.Read(text) is null == (BallotNormalizer.ShortAnswer.Read(text) is null));

    [Test]
    public async Task Panel_CountsByTheGroups_AndReturnsAWinnersWords([Values] bool streaming)
    {
        PanelChatClient panel = new("jury", Members("Paris", "London", "The capital of France is Paris"), new PanelOptions { Clusters = new AnswerClusterOptions(new Related()) });
        ChatResponse response = await panel.AskAsync(streaming);
        Assert.That((response.Text, response.GetVote()!.Outcome), Is.EqualTo(("Paris", VoteOutcome.Decided)));
        Assert.That(response.GetVote()!.Counts, Is.EqualTo(new[] { KeyValuePair.Create("Paris", 2.0), KeyValuePair.Create("London", 1.0) }));
    }

    [Test]
    public async Task EmbeddingThatFails_CostsTheGrouping_NotTheVote([Values] bool streaming)
    {
        PanelChatClient panel = new("jury", Members("Paris", "paris!", "It must be Paris"), new PanelOptions { Clusters = new AnswerClusterOptions(new Related(fails: true)) });
        ChatResponse response = await panel.AskAsync(streaming);
        Assert.That(response.GetVote()!.Counts[0].Value, Is.EqualTo(2), "only what is the same in letters is one answer");
        Assert.That((response.GetReceipt()!.Degraded, response.GetReceipt()!.Attempts[^1].Member), Is.EqualTo((true, "embeddings")));
    }

    [Test]
    public void Clusters_AreForFreeAnswersOnly() => Assert.That(
        () => new PanelChatClient("jury", Members("a"), new PanelOptions { Clusters = new AnswerClusterOptions(new Related()), Normalizer = BallotNormalizer.Number }),
        Throws.ArgumentException.With.Message.Contains("Clusters"));

    private static Task<IReadOnlyDictionary<string, string?>> FindAsync(Related related, params string[] answers) =>
        AnswerClusters.FindAsync(answers, new AnswerClusterOptions(related), CancellationToken.None);

    private static IEnumerable<Member> Members(params string[] answers) => answers.Select((answer, i) => new Member($"m{i}", FakeClient.Says(answer)));

    private sealed class Related(string? unrelated = null, bool fails = false) : IEmbeddingGenerator<string, Embedding<float>>
    {
        public List<string> Asked { get; } = [];

        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
        {
            string[] all = [.. values];
            Asked.AddRange(all);
            return fails ? throw new HttpRequestException("down")
                : Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(all.Select(text => new Embedding<float>(text == unrelated ? new[] { 0f, 1f } : [1f, 0f]))));
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
