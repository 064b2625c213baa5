using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Ensemble;

/// <summary>
/// The instruments of the engine. Each measures what only the engine knows; durations and tokens of the calls themselves are measured at
/// the leaves by the platform, under OpenTelemetry's <c>gen_ai</c> names. Where nobody listens nothing is added up and nothing allocated.
/// Thread-safe.
/// </summary>
internal sealed class EnsembleMetrics
{
    public const string NameTag = "ensemble.name";
    public const string MemberTag = "ensemble.member";
    public const string OutcomeTag = "ensemble.outcome";

    // OpenTelemetry's name for the class of an error.
    public const string ErrorTag = "error.type";

    private readonly Histogram<double> _duration;
    private readonly Counter<long> _attempts;
    private readonly Counter<long> _failovers;
    private readonly Histogram<double> _firstContent;
    private readonly Counter<double> _cost;
    private readonly Histogram<double> _queue;
    private readonly Counter<long> _cooldowns;
    private readonly Counter<long> _hedges;
    private readonly UpDownCounter<double> _savings;

    public EnsembleMetrics(Meter meter)
    {
        _duration = meter.CreateHistogram<double>("ensemble.request.duration", "s", "How long a request took in a composition.");
        _attempts = meter.CreateCounter<long>("ensemble.attempts", "{attempt}", "Members that were asked.");
        _failovers = meter.CreateCounter<long>("ensemble.failovers", "{failover}", "Failures after which another member was asked.");
        _firstContent = meter.CreateHistogram<double>("ensemble.time_to_first_content", "s", "From the start of an attempt to its first real content, of streams.");
        _cost = meter.CreateCounter<double>("ensemble.cost", "{USD}", "What calls have cost, as it was booked.");
        _queue = meter.CreateHistogram<double>("ensemble.queue.wait", "s", "How long a call waited at the limits of a deployment.");
        _cooldowns = meter.CreateCounter<long>("ensemble.cooldowns", "{cooldown}", "Failures that put a deployment or key out of use for a while.");
        _hedges = meter.CreateCounter<long>("ensemble.hedges", "{hedge}", "Second attempts that were started beside a slow one.");
        _savings = meter.CreateUpDownCounter<double>("ensemble.savings", "{USD}", "What the best single member would have charged, less what was paid.");
    }

    /// <summary>Gets the instruments of code that brings no meter factory.</summary>
    public static EnsembleMetrics Shared { get; } = new(new Meter(EnsembleTelemetry.MeterName));

    /// <summary>Gets whether somebody wants to know what choosing saved; to find that out costs a look at every price.</summary>
    public bool WantsSavings => _savings.Enabled;

    /// <summary>Gets whether somebody wants to know how long calls queue.</summary>
    public bool WantsQueue => _queue.Enabled;

    /// <summary>Measures a request that ended.</summary>
    public void Ended(Receipt receipt, Exception? error)
    {
        if (receipt.Replayed || !(_duration.Enabled || _attempts.Enabled || _failovers.Enabled || _firstContent.Enabled))
        {
            return;
        }

        TagList whole = new() { { NameTag, receipt.Name }, { "ensemble.kind", receipt.Kind } };
        if (error is not null)
        {
            whole.Add(ErrorTag, EnsembleTelemetry.TypeOf(error));
        }

        _duration.Record(receipt.Duration.TotalSeconds, whole);
        IReadOnlyList<Attempt> attempts = receipt.Attempts;
        int lastAsked = attempts.Count - 1;
        while (lastAsked >= 0 && attempts[lastAsked].Outcome is AttemptOutcome.Skipped)
        {
            lastAsked--;
        }

        // The ballots of a panel are asked whatever the others do.
        bool fallsOver = receipt.Vote is null;
        for (int i = 0; i <= lastAsked; i++)
        {
            Attempt attempt = attempts[i];
            if (attempt.Outcome is AttemptOutcome.Skipped)
            {
                continue;
            }

            TagList tags = new() { { NameTag, receipt.Name }, { MemberTag, attempt.Member } };
            if (attempt.TimeToFirstContent is { } first)
            {
                _firstContent.Record(first.TotalSeconds, tags);
            }

            if (attempt.Failure is { } failure)
            {
                tags.Add(ErrorTag, NameOf(failure));
                if (fallsOver && i < lastAsked)
                {
                    _failovers.Add(1, tags);
                }
            }

            tags.Add(OutcomeTag, NameOf(attempt.Outcome));
            _attempts.Add(1, tags);
        }
    }

    /// <summary>Measures what a call has cost.</summary>
    public void Paid(string model, decimal? usd)
    {
        if (_cost.Enabled && usd is { } known)
        {
            _cost.Add((double)known, new KeyValuePair<string, object?>(MemberTag, model));
        }
    }

    /// <summary>Measures a wait at the limits of a deployment.</summary>
    public void Queued(string name, string member, TimeSpan wait) => _queue.Record(wait.TotalSeconds, Tag(NameTag, name), Tag(MemberTag, member));

    /// <summary>Measures that a failure put a deployment out of use for a while.</summary>
    public void Cooled(string name, string member, FailureClass failure)
    {
        if (_cooldowns.Enabled)
        {
            _cooldowns.Add(1, Tag(NameTag, name), Tag(MemberTag, member), Tag(ErrorTag, NameOf(failure)));
        }
    }

    /// <summary>Measures a second attempt.</summary>
    public void Hedged(string name, string member) => _hedges.Add(1, Tag(NameTag, name), Tag(MemberTag, member));

    /// <summary>Measures what choosing saved; less than nothing when it cost more than the best single member.</summary>
    public void Saved(string name, decimal usd) => _savings.Add((double)usd, Tag(NameTag, name));

    private static KeyValuePair<string, object?> Tag(string key, string value) => new(key, value);

    private static string NameOf(AttemptOutcome outcome) => Enum.GetName(outcome) ?? "";

    private static string NameOf(FailureClass failure) => Enum.GetName(failure) ?? "";
}
