using System.Text;
using Ensemble.Tokenization.Normalizing;

namespace Ensemble.Tokenization.Tests.HuggingFace;

/// <summary>Where a text may be cut so that both parts normalize on their own.</summary>
internal sealed class TextNormalizerTests
{
    private static readonly char[] Before = ['e', '\u0301', '\u1100', '\u1161', '\uac00', 'か', '\u0915', '中'];

    [Test]
    public void FirstCut_EveryUnit_IsOnlyWhereNothingReachesAcross(
        [Values(NormalizationForm.FormC, NormalizationForm.FormD, NormalizationForm.FormKC, NormalizationForm.FormKD)] NormalizationForm form)
    {
        var normalizer = new TextNormalizer(form);
        char[] settled = [.. Enumerable.Range(0, 0x10000).Select(unit => (char)unit).Where(unit => !char.IsSurrogate(unit) && normalizer.FirstCut([unit]) == 0)];

        Assert.That(settled, Has.Length.GreaterThanOrEqualTo(128));
        Assert.That(
            from before in Before
            from unit in settled
            where $"{before}{unit}".Normalize(form) != before.ToString().Normalize(form) + unit
            select $"U+{(int)before:X4} U+{(int)unit:X4}",
            Is.Empty);
    }
}
