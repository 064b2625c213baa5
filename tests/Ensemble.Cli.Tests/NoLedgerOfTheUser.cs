namespace Ensemble.Cli.Tests;

/// <summary>Processes that tests start inherit that they keep no ledger: a test run is nobody's usage.</summary>
[SetUpFixture]
public class NoLedgerOfTheUser
{
    [OneTimeSetUp]
    public void TurnOff() => Environment.SetEnvironmentVariable(CliLedger.Variable, CliLedger.Off);
}
