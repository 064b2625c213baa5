using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>
/// Adds up what a stream reports. Several reports are several parts, as the platform's convention has it; but some servers report in every piece
/// what it comes to so far: the same prompt, and no less of an answer than before. Of those the last counts.
/// </summary>
internal struct StreamedUsage
{
    private UsageDetails? _before;
    private UsageDetails? _last;

    /// <summary>Gets the sum; <see langword="null"/> when nothing was reported.</summary>
    public readonly UsageDetails? Total
    {
        get
        {
            if (_before is null)
            {
                return _last;
            }

            UsageDetails sum = new();
            sum.Add(_before);
            sum.Add(_last!);
            return sum;
        }
    }

    /// <summary>Takes the next report.</summary>
    public void Add(UsageDetails details)
    {
        if (_last is { } last && !GoesOn(last, details))
        {
            (_before ??= new UsageDetails()).Add(last);
        }

        _last = details;
    }

    // A prompt of no tokens is that of a report that only adds to the answer.
    private static bool GoesOn(UsageDetails last, UsageDetails next) =>
        next.InputTokenCount is > 0 and { } input && input == last.InputTokenCount && next.OutputTokenCount >= (last.OutputTokenCount ?? 0);
}
