namespace Ensemble.Cli;

/// <summary>A configuration file that is no JSON, or that the platform's reader refuses: to <c>config check</c> a finding, to every other command a mistake of its user.</summary>
internal sealed class UnreadableConfigurationException(string message) : CliException(message);
