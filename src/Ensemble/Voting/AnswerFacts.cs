using System.Text.RegularExpressions;

namespace Ensemble;

/// <summary>What must be equal before two free answers may be the same: numbers, option letters, negations; and the words that carry the answer.</summary>
internal sealed partial class AnswerFacts
{
    private static readonly HashSet<string> Negations = new(StringComparer.Ordinal)
    {
        "not", "no", "never", "none", "nothing", "nobody", "nowhere", "neither", "nor", "without", "cannot", "cant", "dont", "doesnt", "isnt", "arent", "wasnt", "wont",
    };

    // The t of "isn't", once the apostrophe is gone: the word before it has lost its n.
    private static readonly HashSet<string> Cut = new(StringComparer.Ordinal) { "isn", "aren", "wasn", "weren", "don", "doesn", "didn", "won", "can", "couldn", "shouldn", "wouldn", "hasn", "haven" };

    private static readonly HashSet<string> Fillers = new(StringComparer.Ordinal)
    {
        "a", "an", "the", "be", "it", "its", "that", "this", "of", "and", "so", "i", "think", "my", "answer", "final", "would", "there", "called",
    };

    private static readonly string[] KoreanNegations = ["않", "없", "못", "아니", "안 "];

    private readonly string _numbers;
    private readonly string _options;
    private readonly int _negations;
    private readonly List<string> _words;
    private readonly int _predicate;
    private readonly int _length;

    private AnswerFacts(string numbers, string options, int negations, List<string> words, int predicate, int length)
    {
        _predicate = predicate;
        _length = length;
        _numbers = numbers;
        _options = options;
        _negations = negations;
        _words = words;
    }

    /// <summary>Reads an answer; <see langword="null"/> when it says nothing.</summary>
    public static AnswerFacts? Read(string answer)
    {
        if (BallotNormalizer.ShortAnswer.Read(answer) is not { } text)
        {
            return null;
        }

        string[] tokens = text.Split(' ');
        List<string> numbers = [];
        List<string> words = [];
        int predicate = 0;
        int negations = KoreanNegations.Count(negation => text.Contains(negation, StringComparison.Ordinal));
        for (int i = 0; i < tokens.Length; i++)
        {
            string token = tokens[i];
            bool isCut = Cut.Contains(token) && i + 1 < tokens.Length && tokens[i + 1] == "t";
            if (token.Any(char.IsDigit))
            {
                numbers.Add(BallotNormalizer.Number.Read(token) ?? token);
            }
            else if (Negations.Contains(token) || isCut)
            {
                negations++;
                i += isCut ? 1 : 0;
            }
            else if (token is "is" or "are" or "was" or "were")
            {
                predicate = words.Count;
            }
            else if (!Fillers.Contains(token))
            {
                words.Add(Ending().Replace(token, ""));
            }
        }

        numbers.Sort(StringComparer.Ordinal);
        string options = string.Concat(Option().Matches(answer).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal));
        return new AnswerFacts(string.Join(' ', numbers), options, negations, words, predicate, tokens.Length);
    }

    /// <summary>
    /// Says whether nothing but an embedding could tell the answers apart: the same words that carry the answer in the same order, or one is what the other says
    /// behind its "is", says of the same thing by a longer name, or says within a whole sentence.
    /// </summary>
    public bool MayEqual(AnswerFacts other) =>
        _numbers == other._numbers && _options == other._options && _negations == other._negations
        && (_words.SequenceEqual(other._words) || Says(other) || other.Says(this));

    private bool Says(AnswerFacts bare) => bare._words.Count > 0 && (_predicate == 0 ? Holds(bare) : States(bare));

    // "The capital of France is Paris" states "Paris", "the battery of the phone is empty" that the battery is; "Paris Hilton" does not, nor does "before noon" state "noon".
    private bool States(AnswerFacts bare)
    {
        IEnumerable<string> said = _words.Skip(_predicate);
        return bare._predicate == 0
            ? said.SequenceEqual(bare._words)
            : said.SequenceEqual(bare._words.Skip(bare._predicate)) && bare._words.Take(bare._predicate).SequenceEqual(_words.Take(_predicate).Where(bare._words.Take(bare._predicate).Contains));
    }

    // "It was Marie Curie who discovered it" holds "Marie Curie": a sentence, not a longer name.
    private bool Holds(AnswerFacts bare)
    {
        const int SentenceWords = 4;
        const int SentenceFacts = 2;
        int more = _words.Count - bare._words.Count;
        return more >= SentenceFacts && _length - bare._length >= SentenceWords
            && Enumerable.Range(0, more + 1).Any(start => _words.Skip(start).Take(bare._words.Count).SequenceEqual(bare._words));
    }

    [GeneratedRegex("(?<=[가-힣])(?:입니다|이에요|예요)$", RegexOptions.CultureInvariant)]
    private static partial Regex Ending();

    [GeneratedRegex(@"(?<![\p{L}\p{N}])\(?([A-H])(?:[).:]|\s*$)", RegexOptions.CultureInvariant)]
    private static partial Regex Option();
}
