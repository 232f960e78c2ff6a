import type { CommandDeclaration, OptionDeclaration } from '../command-table.ts';
import { flagName, takesValue } from './flag-names.ts';

const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** What is offered for the value of an option; a list may go on after each comma. */
function valueOf(option: OptionDeclaration): string {
  const { completes, kind } = option;
  const choices = option.choices ?? option.offers;
  if (!takesValue(option)) return '';
  if (completes === 'file') return ' -r -F';
  if (completes === 'directory') return ` -x -a '(__fish_complete_directories)'`;
  if (!choices) return ' -x';
  return ` -x -a ${quote(kind === 'list' ? `(__fish_complete_list , "printf '%s\\n' ${choices.join(' ')}")` : choices.join(' '))}`;
}

/** Completion for fish. */
export function fishScript(commands: readonly CommandDeclaration[]): string {
  const lines = [
    '# fish completion for hecate',
    'complete -c hecate -f',
    `complete -c hecate -s h -l help -d 'print help'`,
    `complete -c hecate -n __fish_use_subcommand -s V -l version -d 'print the version'`,
    `complete -c hecate -n __fish_use_subcommand -a help -d 'print help for a command'`,
    `complete -c hecate -n '__fish_seen_subcommand_from help' -a ${quote(commands.map(({ name }) => name).join(' '))}`,
  ];
  for (const { name, summary, operands = [], options } of commands) {
    lines.push(`complete -c hecate -n __fish_use_subcommand -a ${name} -d ${quote(summary)}`);
    const here = `complete -c hecate -n '__fish_seen_subcommand_from ${name}'`;
    for (const { choices, help } of operands) if (choices) lines.push(`${here} -a ${quote(choices.join(' '))} -d ${quote(help)}`);
    for (const option of options) {
      lines.push(`${here} -l ${flagName(option).slice(2)}${valueOf(option)} -d ${quote(option.help)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}
