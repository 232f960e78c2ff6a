import type { CommandDeclaration, OperandDeclaration, OptionDeclaration } from '../command-table.ts';
import { flagName, takesValue } from './flag-names.ts';

const escape = (text: string): string => text.replaceAll(/[\\'[\]:]/g, (c) => (c === "'" ? "'\\''" : `\\${c}`));

function specOf(option: OptionDeclaration): string {
  const values = (option.choices ?? option.offers)?.join(' ');
  const action =
    values !== undefined
      ? option.kind === 'list'
        ? `_values -s , name ${values}`
        : `(${values})`
      : option.completes === 'directory'
        ? '_files -/'
        : option.completes
          ? '_files'
          : ' ';
  return `'${flagName(option)}[${escape(option.help)}]${takesValue(option) ? `:value:${action}` : ''}'`;
}

function placeOf({ name, choices, fallback, variadic }: OperandDeclaration, index: number): string {
  const place = variadic ? '*' : String(index + 1);
  return `'${place}:${fallback === undefined ? '' : ':'}${name}:${choices ? `(${choices.join(' ')})` : ' '}'`;
}

const HELP = { name: 'help', summary: 'print help for a command' };

/** Completion for zsh: put it as _hecate into a directory of $fpath, or source it. */
export function zshScript(commands: readonly CommandDeclaration[]): string {
  const cases = commands.map(({ name, operands = [], options }) => {
    const specs = [...options.map(specOf), `'--help[print help]'`, ...operands.map(placeOf)];
    return `        ${name}) _arguments ${specs.join(' ')} ;;`;
  });
  return `#compdef hecate
_hecate() {
    local -a commands
    commands=(${[...commands, HELP].map(({ name, summary }) => `'${name}:${escape(summary)}'`).join(' ')})
    if (( CURRENT == 2 )); then
        _describe 'command' commands
        return
    fi
    shift words
    (( CURRENT-- ))
    case "$words[1]" in
${cases.join('\n')}
        help) _arguments '1:command:(${commands.map(({ name }) => name).join(' ')})' ;;
    esac
}
if [ "$funcstack[1]" = "_hecate" ]; then _hecate; else compdef _hecate hecate; fi
`;
}
