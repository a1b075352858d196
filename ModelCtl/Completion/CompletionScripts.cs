namespace ModelPlatform.Cli.Completion;

/// <summary>
/// Each asks the program that is being called, with the library's own <c>[suggest:position]</c>, and leaves files to the shell. The line is told
/// with the plain name in front, whatever path was typed. Options come once one is begun.
/// </summary>
internal static class CompletionScripts
{
    // Not compgen -W, which would expand what it is given; not mapfile, which the bash of macOS lacks.
    private const string Bash = """
        _modelctl() {
          local line="modelctl${COMP_LINE:${#COMP_WORDS[0]}:$((COMP_POINT - ${#COMP_WORDS[0]}))}" typed=${COMP_WORDS[COMP_CWORD]} word
          COMPREPLY=()
          while IFS= read -r word; do
            case $word in [-/]*) [[ $typed = [-/]* ]] || continue ;; esac
            case $word in "$typed"*) COMPREPLY+=("$word") ;; esac
          done < <("${COMP_WORDS[0]/#\~/$HOME}" "[suggest:${#line}]" "$line" 2> /dev/null < /dev/null)
        }
        complete -o default -F _modelctl modelctl
        """;

    private const string Zsh = """
        _modelctl() {
          local line="modelctl ${(j: :)words[2,CURRENT]}"
          local -a found
          found=("${(@f)$("${words[1]/#\~/$HOME}" "[suggest:${#line}]" "$line" 2> /dev/null < /dev/null)}")
          [[ $words[CURRENT] = -* ]] || found=(${found:#[-\/]*})
          compadd -a found || _files
        }
        compdef _modelctl modelctl
        """;

    private const string Fish = """
        function __modelctl_complete
            set -l program (commandline -opc)[1]
            set -l line modelctl(string sub -s (math (string length -- $program) + 1) -- (commandline -cp))
            eval $program "'[suggest:"(string length -- $line)"]'" (string escape -- $line) 2> /dev/null < /dev/null
        end
        complete -c modelctl -a '(__modelctl_complete)'
        """;

    public static IReadOnlyDictionary<string, string> Of { get; } = new SortedDictionary<string, string> { ["bash"] = Bash, ["zsh"] = Zsh, ["fish"] = Fish };
}
