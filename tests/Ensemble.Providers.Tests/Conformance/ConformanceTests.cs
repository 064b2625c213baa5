namespace Ensemble.Providers.Tests;

/// <summary>Every behaviour against every dialect over real sockets, whole and streamed. What a dialect cannot do is declared and checked to be so.</summary>
internal sealed class ConformanceTests
{
    public static IEnumerable<TestCaseData> Cases =>
        from dialect in DialectScript.All.Concat(DialectScript.Others)
        from behaviour in Enum.GetValues<Behaviour>()
        from streaming in new[] { false, true }
        select new TestCaseData(dialect, behaviour, streaming) { TestName = $"Conformance_{dialect}_{behaviour}_{(streaming ? "streamed" : "whole")}" };

    [TestCaseSource(nameof(Cases))]
    public async Task Conformance(DialectScript dialect, Behaviour behaviour, bool streaming)
    {
        if (dialect.LackOf(behaviour) is null)
        {
            await BehaviourChecks.CheckAsync(behaviour, dialect, streaming);
            return;
        }

        // A declared lack that has gone away has to be found, so the check has to fail.
        Exception? failure = await OutcomeAsync(() => BehaviourChecks.CheckAsync(behaviour, dialect, streaming));
        Assert.That(failure, Is.Not.Null, $"{dialect} can do {behaviour} by now: take it out of its list of lacks.");
    }

    // NUnit counts a failed assertion even when its exception is caught, unless it fails in isolation.
    private static async Task<Exception?> OutcomeAsync(Func<Task> check)
    {
        using (new NUnit.Framework.Internal.TestExecutionContext.IsolatedContext())
        {
            try
            {
                await check();
                return null;
            }
            catch (Exception error)
            {
                return error;
            }
        }
    }
}
