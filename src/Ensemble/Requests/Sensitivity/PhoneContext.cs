using System.Buffers;
using System.Text;

namespace Ensemble;

/// <summary>What stands around digits and says whether they are a telephone number. Looks at a bounded stretch, on the same line.</summary>
internal static class PhoneContext
{
    private const int Before = 40;

    private const int After = 24;

    private const int Label = 28;

    // Of ASCII only, and none shorter than three: otherwise the search is not vectorised.
    private static readonly SearchValues<string> Words = SearchValues.Create(
        ["tel", "phone", "call", "mobile", "cell", "fax", "contact", "dial", "ring ", "reach", "whatsapp", "sms", "hotline", "helpline", "switchboard", "landline", "handy", "rufnummer", "anruf", "portable", "appel", "llam", "celular", "movil", "text me", "my number", "extension"],
        StringComparison.OrdinalIgnoreCase);

    private static readonly string[] Local = ["전화", "연락", "휴대", "핸드폰", "팩스", "문의", "고객센터", "콜센터", "상담", "대표번호", "유선", "통화", "電話", "电话", "携帯", "手机", "téléphone", "tél", "móvil", "тел"];

    // A bit for each character, for what the words begin with beyond ASCII: nearly all texts have none of it near, and are not searched word by word.
    private static readonly ulong[] LocalMarks = BuildMarks();

    private static readonly WordSet Labels = new(
    [
        "no", "nr", "num", "number", "invoice", "order", "account", "ref", "reference", "ticket", "case", "part", "lot", "serial", "article", "item", "receipt", "document", "doc", "chapter", "section", "isbn", "sku", "id", "code", "matriculation",
        "bestellnummer", "rechnung", "kundennummer",
    ]);

    private static readonly string[] LocalLabels = ["전표", "고지번호", "주문", "송장", "계좌", "문서", "접수번호", "사건", "품번", "관리번호", "고객번호", "회원번호", "영수증", "청구", "학번", "증번호", "일련번호"];

    /// <summary>Says whether a word near the digits speaks of telephones, or nothing else stands there: the value of a field that holds numbers.</summary>
    public static bool Speaks(ReadOnlySpan<char> text, int start, int end)
    {
        ReadOnlySpan<char> before = LineBefore(text, start, Before);
        ReadOnlySpan<char> after = LineAfter(text, end);
        return HasWord(before) || HasWord(after) || HasLocal(before) || HasLocal(after) || IsAlone(text, start, end);
    }

    /// <summary>Says whether Korean text is near.</summary>
    public static bool IsKorean(ReadOnlySpan<char> text, int start, int end) =>
        LineBefore(text, start, Label).ContainsAnyInRange('\uAC00', '\uD7A3') || LineAfter(text, end).ContainsAnyInRange('\uAC00', '\uD7A3');

    /// <summary>Says whether a label right before the digits says that they count something else.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">Where the digits begin.</param>
    /// <param name="end">Where they end.</param>
    /// <param name="isOddlyGrouped">Whether telephone numbers are seldom grouped so; then those of customers are not theirs.</param>
    public static bool IsLabelled(ReadOnlySpan<char> text, int start, int end, bool isOddlyGrouped)
    {
        ReadOnlySpan<char> before = LineBefore(text, start, Label).TrimEnd(" .:#=-\t\"'");
        int word = before.Length;
        while (word > 0 && char.IsAsciiLetter(before[word - 1]))
        {
            word--;
        }

        bool labelled = Labels.Contains(before[word..]) || (isOddlyGrouped && before[word..].Equals("customer", StringComparison.OrdinalIgnoreCase)) || EndsWithAny(before, LocalLabels);
        return labelled && !Speaks(text, start, end);
    }

    private static bool IsAlone(ReadOnlySpan<char> text, int start, int end) =>
        text[Math.Max(0, start - Before)..start].IsWhiteSpace() && start < Before && text[end..Math.Min(text.Length, end + Before)].IsWhiteSpace() && text.Length - end < Before;

    private static ReadOnlySpan<char> LineBefore(ReadOnlySpan<char> text, int start, int most)
    {
        ReadOnlySpan<char> near = text[Math.Max(0, start - most)..start];
        return near[(near.LastIndexOfAny('\r', '\n') + 1)..];
    }

    private static ReadOnlySpan<char> LineAfter(ReadOnlySpan<char> text, int end)
    {
        ReadOnlySpan<char> near = text[end..Math.Min(text.Length, end + After)];
        int line = near.IndexOfAny('\r', '\n');
        return line < 0 ? near : near[..line];
    }

    // "recalled", "hotel" and "string" speak of nothing.
    private static bool HasWord(ReadOnlySpan<char> text)
    {
        for (int at = text.IndexOfAny(Words); at >= 0;)
        {
            if (at == 0 || !char.IsAsciiLetter(text[at - 1]) || text[at] is 'p' or 'P')
            {
                return true;
            }

            int step = text[(at + 1)..].IndexOfAny(Words);
            at = step < 0 ? -1 : at + 1 + step;
        }

        return false;
    }

    private static bool HasLocal(ReadOnlySpan<char> text)
    {
        if (!HasMark(text))
        {
            return false;
        }

        foreach (string word in Local)
        {
            if (text.Contains(word, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasMark(ReadOnlySpan<char> text)
    {
        if (Ascii.IsValid(text))
        {
            return false;
        }

        ulong[] marks = LocalMarks;
        foreach (char c in text)
        {
            if (((marks[c >> 6] >> (c & 63)) & 1) != 0)
            {
                return true;
            }
        }

        return false;
    }

    private static ulong[] BuildMarks()
    {
        ulong[] marks = new ulong[(char.MaxValue + 1) / 64];
        foreach (string word in Local)
        {
            char mark = word.First(c => !char.IsAscii(c));
            marks[mark >> 6] |= 1UL << (mark & 63);
        }

        return marks;
    }

    private static bool EndsWithAny(ReadOnlySpan<char> text, string[] words)
    {
        if (text.IsEmpty || char.IsAscii(text[^1]))
        {
            return false;
        }

        foreach (string word in words)
        {
            if (text.EndsWith(word, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
