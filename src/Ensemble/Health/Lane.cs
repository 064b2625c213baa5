using System.Net.Http;

namespace Ensemble;

/// <summary>
/// One way to a member: one of its keys or endpoints, with the health and the limits of that way. Lanes of one client are one object
/// within a runtime, so routers that share a member share what is known of it. Thread-safe.
/// </summary>
internal sealed class Lane
{
    private volatile bool _isOnlyBusy;
    private volatile FailureClass _lastFailure;

    public Lane(string name, DeploymentLimits limits, int maxQueue, TimeProvider time)
    {
        Name = name;
        Limits = limits;
        Health = new DeploymentHealth(time);
        Gate = limits is { RequestsPerMinute: null, TokensPerMinute: null, MaxConcurrency: null } ? null : new DeploymentGate(name, limits, maxQueue, time);
    }

    /// <summary>Gets the name that errors use: the member's, numbered when it has several ways.</summary>
    public string Name { get; }

    public DeploymentLimits Limits { get; }

    public DeploymentHealth Health { get; }

    /// <summary>Gets the limiter; <see langword="null"/> when nothing limits the lane.</summary>
    public DeploymentGate? Gate { get; }

    /// <summary>Gets whether the lane is out because it was asked too often, or for a time that it named itself: the only reasons that are worth a caller's waiting.</summary>
    public bool IsOnlyBusy => _isOnlyBusy;

    /// <summary>Gets why the lane is out.</summary>
    public FailureClass LastFailure => _lastFailure;

    /// <summary>Gets the share of the limits that is left, from 0 to 1; 1 when nothing limits the lane.</summary>
    public double Headroom => Gate?.Headroom ?? 1;

    /// <summary>Says whether waiting mends a failure: a rate limit passes by itself, and else only the member can say when it will be there again.</summary>
    public static bool Passes(Failure failure) => failure is { RetryAfter: not null, Scope: FailureScope.Elsewhere } or { Class: FailureClass.RateLimited };

    // A refusal and a broken answer are answers; a connection that failed is none, nor a gateway that gave up waiting.
    private static bool IsAnswer(AttemptResult result) => result.Failure.Class switch
    {
        FailureClass.Transport => result.Error is ModelHttpException { StatusCode: > 0 } or HttpRequestException { StatusCode: not null },
        FailureClass.Timeout or FailureClass.Unknown or FailureClass.Cancelled or FailureClass.Ledger => false,
        _ => true,
    };

    /// <summary>Ends a call.</summary>
    /// <param name="lease">The call.</param>
    /// <param name="result">How it ended.</param>
    /// <param name="wasImpatient">Whether the request's own deadline cut it off before it was late for this deployment.</param>
    /// <param name="byDeadline">Whether the request's own deadline cut it off.</param>
    /// <returns>Whether the lane is out for a while because of it.</returns>
    public bool End(HealthLease lease, AttemptResult result, bool wasImpatient, bool byDeadline = false)
    {
        if (result.Succeeded)
        {
            Health.Succeed(lease);
            if (result.Attempt.TimeToFirstContent is { } first)
            {
                Health.TimeToFirstContent.Add(first);
            }
            else if (result.Response is not null)
            {
                Health.TimeToAnswer.Add(result.Attempt.Duration);
            }
        }
        else if (result.Cancelled || wasImpatient || result.Error is ModelBusyException or AllMembersFailedException { IsOnlyBusy: true } or BudgetExceededException or DeadlineExceededException or NoEligibleModelException or EnsembleException { Unpaid: not null }
            || result.Error?.Data.Contains(ModelChatClient.LimitedKey) is true)
        {
            // Neither our own money nor our rules nor the attempts of the request nor a queue that is full nor the caller's time say anything about the deployment.
            Health.Abandon(lease);
        }
        else
        {
            if (IsAnswer(result))
            {
                Health.Heard();
            }

            _isOnlyBusy = Passes(result.Failure);
            _lastFailure = result.Failure.Class;
            return Health.Fail(lease, result.Failure, byDeadline ? result.Attempt.Duration : null);
        }

        return false;
    }
}
