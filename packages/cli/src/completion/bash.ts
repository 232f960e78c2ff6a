import type { CommandDeclaration, OptionDeclaration } from '../command-table.ts';
import { flagName, operandWords, takesValue } from './flag-names.ts';

/** What is offered after an option. Names of files may hold spaces: they are read by line, and bash quotes them. */
function replyOf({ choices, offers, completes, kind }: OptionDeclaration): string {
  const names = choices ?? offers;
  if (!names) return `compopt -o filenames; mapfile -t COMPREPLY < <(compgen -${completes === 'directory' ? 'd' : 'f'} -- "$cur")`;
  const words = `-W "${names.join(' ')}"`;
  if (kind !== 'list') return `COMPREPLY=($(compgen ${words} -- "$cur"))`;
  return `compopt -o nospace; COMPREPLY=($(compgen -P "\${cur%"\${cur##*,}"}" ${words} -- "\${cur##*,}"))`;
}

function valueCase({ name, options }: CommandDeclaration): string {
  return options
    .filter(takesValue)
    .map((option) => {
      // After an option that takes anything, offering other options would mislead.
      const reply = option.choices || option.offers || option.completes ? replyOf(option) : 'COMPREPLY=()';
      return `        ${name}:${flagName(option)}) ${reply}; return ;;\n`;
    })
    .join('');
}

/** Completion for bash 4 and newer. */
export function bashScript(commands: readonly CommandDeclaration[]): string {
  const words = commands
    .map(
      (command) =>
        `        ${command.name}) words="${[...command.options.map(flagName), '--help', ...operandWords(command)].join(' ')}" ;;\n`,
    )
    .join('');
  return `# bash completion for hecate: source <(hecate completion bash)
_hecate() {
    local cur prev words command
    cur="\${COMP_WORDS[COMP_CWORD]}"
    prev="\${COMP_WORDS[COMP_CWORD-1]}"
    command="\${COMP_WORDS[1]}"
    if [ "$COMP_CWORD" -eq 1 ]; then
        COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(' ')} help --help --version" -- "$cur"))
        return
    fi
    case "$command:$prev" in
${commands.map(valueCase).join('')}    esac
    case "$command" in
${words}        help) words="${commands.map(({ name }) => name).join(' ')}" ;;
    esac
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -F _hecate hecate
`;
}
