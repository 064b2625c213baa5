using System.Globalization;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>What an update brings, and how long the next one may take.</summary>
internal sealed partial class StreamAttempt
{
    // Sets Current to what goes on to the caller, or to null when the update held only the member's receipt.
    private FailureClass? Take(ChatResponseUpdate update)
    {
        Current = null;
        if (_final is not null && LastUpdate.IsRepeated(_final, update))
        {
            return null;
        }

        Current = ReceiptCarrier.Detach(update, out Receipt? receipt);
        _inner = receipt ?? _inner;
        int characters = 0;
        int before = _reasoning;
        IList<AIContent> contents = update.Contents;
        for (int i = 0; i < contents.Count; i++)
        {
            AIContent content = contents[i];
            if (AnswerRules.IsError(content))
            {
                return FailureClass.Protocol;
            }

            if (content is UsageContent { Details: { } details })
            {
                _usage.Add(details);
            }
            else if (_firstContent is null && AnswerRules.IsContent(content, _wantsReasoning))
            {
                _firstContent = Elapsed;
            }

            _reasoning += content is TextReasoningContent thought ? thought.Text.Length : 0;
            characters += content switch { TextContent text => text.Text.Length, TextReasoningContent reasoning => reasoning.Text.Length, _ => 1 };
        }

        // The clock is read only where somebody waited for the piece.
        if (!_watch.End(_watch.IsWaiting ? Now : 0, characters))
        {
            _tooSlow = SlowerThan();
        }

        _empty += _reasoning == before ? 1 : 0;
        _final = update.FinishReason is null ? _final : update;
        if (Current is not null)
        {
            _received.Add(Current);
        }

        return null;
    }

    private ITimer WatchAfter(TimeSpan time) => _runner.Time.CreateTimer(static state => ((StreamAttempt)state!).Look(), this, time, Timeout.InfiniteTimeSpan);

    // A model in this process reads long prompts in silence, and does not hang as networks do; a composition has limits of its own.
    private void ListenForSilence()
    {
        if (_limits.Silence is { } silence && !_member.IsComposition && !_member.Traits.InProcess)
        {
            (_silence, _lastSign) = (silence, Now);
            _watchTimer = WatchAfter(silence);
        }
    }

    // One timer serves the whole stream and looks how long the present wait lasts: to set one for each piece would cost more than the piece.
    private void Look()
    {
        bool byRate = false;
        TimeSpan left = _committed ? _watch.LeftAt(Now, out byRate) : _silence!.Value - new TimeSpan(Now - Volatile.Read(ref _lastSign));
        if (left > TimeSpan.Zero)
        {
            _ = _watchTimer?.Change(left, Timeout.InfiniteTimeSpan);
            return;
        }

        _tooSlow = byRate ? SlowerThan() : string.Create(CultureInfo.InvariantCulture, $"nothing came for {(_committed ? _limits.Idle : _silence)!.Value.TotalSeconds:0.###} s");
        _stop.Stop();
    }

    private string SlowerThan() => string.Create(CultureInfo.InvariantCulture, $"slower than {_limits.MinimumCharactersPerSecond:0.###} characters a second");
}
