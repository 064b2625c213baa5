using System.CommandLine;
using System.CommandLine.Completions;

namespace Ensemble.Cli;

/// <summary><c>completion</c>: a script that lets a shell complete verbs, options and names of models. The script asks the command itself.</summary>
internal static class CompletionCommand
{
    /// <summary>What a script says in front of the line that is being typed; no question of a person begins a command line so.</summary>
    public const string Suggest = "[suggest]";

    /// <summary>Makes the verb.</summary>
    public static Command Create(CliContext context)
    {
        Argument<string> shell = new("shell") { Description = "bash, zsh, fish or pwsh." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish", "pwsh");
        ExampleCommand command = new("completion", "Prints a script for a shell that completes verbs and options.")
        {
            Examples =
            [
                new("ensemble completion bash", "eval \"$(ensemble completion bash)\" in ~/.bashrc"),
                new("ensemble completion zsh", "the same in ~/.zshrc, behind compinit"),
                new("ensemble completion fish", "… | source in ~/.config/fish/config.fish"),
                new("ensemble completion pwsh", "… | Out-String | Invoke-Expression in $PROFILE"),
            ],
        };
        command.Add(shell);
        command.SetAction(parsed =>
        {
            context.Terminal.Out.Write(Script(parsed.GetRequiredValue(shell)).ReplaceLineEndings("\n"));
            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>Gives what may stand at the end of a command line that is being typed.</summary>
    /// <param name="context">The world.</param>
    /// <param name="line">The line without the name of the command.</param>
    public static IEnumerable<string> SuggestFor(CliContext context, string line)
    {
        ParseResult parsed = EnsembleTool.CreateRoot(context).Parse(line);
        return parsed.GetCompletions(line.Length).Select(completion => completion.InsertText ?? completion.Label).Where(text => !text.StartsWith('/') && text != "-?" && text != "-h").Distinct();
    }

    private static string Script(string shell) => shell switch
    {
        "bash" => """
            _ensemble() {
              local line="${COMP_LINE:0:COMP_POINT}"
              local IFS=$'\n'
              COMPREPLY=($(ensemble "[suggest]" "${line#* }" 2>/dev/null))
            }
            complete -o default -F _ensemble ensemble

            """,
        "zsh" => """
            _ensemble() {
              local -a found
              local line="${(j: :)words[2,CURRENT]}"
              found=("${(@f)$(ensemble "[suggest]" "$line" 2>/dev/null)}")
              compadd -- $found || _files
            }
            compdef _ensemble ensemble

            """,
        "fish" => """
            function __ensemble_suggest
              set -l line (commandline -cp)
              ensemble "[suggest]" (string replace -r '^\S+ ?' '' -- "$line") 2>/dev/null
            end
            complete -c ensemble -a '(__ensemble_suggest)'

            """,
        _ => """
            Register-ArgumentCompleter -Native -CommandName ensemble -ScriptBlock {
              param($word, $ast, $position)
              $line = $ast.ToString().PadRight($position).Substring(0, $position) -replace '^\S+ ?', ''
              ensemble '[suggest]' $line 2>$null | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
            }

            """,
    };
}
