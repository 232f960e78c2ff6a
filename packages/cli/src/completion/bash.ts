import type { CommandDeclaration } from '../command-table.ts';
import { flagName, takesValue } from './flag-names.ts';

function valueCase(declaration: CommandDeclaration): string {
  return declaration.options
    .filter((option) => takesValue(option) && (option.choices || option.completes))
    .map((option) => {
      const reply = option.choices
        ? `COMPREPLY=($(compgen -W "${option.choices.join(' ')}" -- "$cur"))`
        : `COMPREPLY=($(compgen -${option.completes === 'directory' ? 'd' : 'f'} -- "$cur"))`;
      return `        ${declaration.name}:${flagName(option)}) ${reply}; return ;;\n`;
    })
    .join('');
}

/** Completion for bash 4 and newer. */
export function bashScript(commands: readonly CommandDeclaration[]): string {
  const words = commands
    .map((command) => `        ${command.name}) words="${[...command.options.map(flagName), '--help', ...(command.argument?.choices ?? [])].join(' ')}" ;;\n`)
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
