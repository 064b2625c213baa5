using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Ensemble;

/// <summary>Writes typography and LaTeX as plain characters, so that the lexer knows one minus, one space and one kind of digits.</summary>
internal static partial class NumberText
{
    private static readonly (string From, string To)[] Latex =
    [
        ("{,}", ","), (@"^{\circ}", "°"), (@"^\circ", "°"), (@"\degree", "°"), (@"\,", " "), (@"\;", " "), (@"\:", " "), (@"\!", ""), (@"\ ", " "), (@"\%", "%"), (@"\$", "$"),
        ("{~", "{"), (@"\left", " "), (@"\right", " "), (@"\text{", " {"), (@"\mathrm{", " {"), (@"\textrm{", " {"), (@"\mathbf{", " {"), (@"\textbf{", " {"), (@"\mbox{", " {"), (@"\boxed{", " {"),
        (@"\(", " "), (@"\)", " "), (@"\[", "\n"), (@"\]", "\n"),
    ];

    public static bool IsHangul(char c) => c is (>= '가' and <= '힣') or (>= 'ㄱ' and <= 'ㆎ') or (>= 'ᄀ' and <= 'ᇿ');

    public static bool IsHan(char c) => c is >= '一' and <= '鿿';

    public static string Fold(string text)
    {
        if (text.Contains('\\', StringComparison.Ordinal) || text.Contains("{,}", StringComparison.Ordinal))
        {
            foreach ((string from, string to) in Latex)
            {
                text = text.Replace(from, to, StringComparison.Ordinal);
            }
        }

        // ㎞ and ㎡ are units in one character.
        text = text.AsSpan().ContainsAnyInRange('\u3371', '\u33df') ? Square().Replace(text, static match => match.Value.Normalize(NormalizationForm.FormKC).Replace('2', '²').Replace('3', '³')) : text;

        // A country is one word.
        text = text.Contains("U.", StringComparison.Ordinal) ? text.Replace("U.S.", "US", StringComparison.Ordinal).Replace("U.K.", "UK", StringComparison.Ordinal) : text;
        StringBuilder? folded = null;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            char plain = char.IsAscii(c) ? c : Fold(c);
            if (plain != c || folded is not null)
            {
                folded ??= new StringBuilder(text.Length).Append(text, 0, i);
                if (plain != '\0')
                {
                    folded.Append(plain);
                }
            }
        }

        return folded?.ToString() ?? text;
    }

    [GeneratedRegex(@"[\u3371-\u33df]", RegexOptions.CultureInvariant)]
    private static partial Regex Square();

    private static char Fold(char c) => c switch
    {
        '−' or '‐' or '‑' or '－' or '﹣' => '-',
        '‒' or '–' or '—' or '―' => '–',
        '’' or '‘' or 'ʼ' or '＇' => '\'',
        '⁄' or '∕' => '/',
        '∼' or '〜' or '～' => '~',
        '，' => ',',
        '∙' or '⋅' or '•' => '·',
        '₩' or '￦' => '₩',
        '￥' => '¥',
        >= '！' and <= '～' => (char)(c - '！' + '!'),
        _ => CharUnicodeInfo.GetUnicodeCategory(c) switch
        {
            UnicodeCategory.DecimalDigitNumber => (char)('0' + CharUnicodeInfo.GetDecimalDigitValue(c)),
            UnicodeCategory.SpaceSeparator => ' ',
            UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => '\n',

            // What cannot be seen does not part a number.
            UnicodeCategory.Format => '\0',
            _ => c,
        },
    };
}
