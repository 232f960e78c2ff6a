import type { CommandDeclaration } from '../command-table.ts';
import { flagName, takesValue } from './flag-names.ts';

const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** Completion for fish. */
export function fishScript(commands: readonly CommandDeclaration[]): string {
  const lines = ['# fish completion for hecate', 'complete -c hecate -f'];
  for (const { name, summary, argument, options } of commands) {
    lines.push(`complete -c hecate -n __fish_use_subcommand -a ${name} -d ${quote(summary)}`);
    const here = `complete -c hecate -n '__fish_seen_subcommand_from ${name}'`;
    if (argument) lines.push(`${here} -a ${quote(argument.choices.join(' '))} -d ${quote(argument.help)}`);
    for (const option of options) {
      const value = !takesValue(option) ? '' : option.choices ? ` -x -a ${quote(option.choices.join(' '))}` : option.completes ? ' -r -F' : ' -x';
      lines.push(`${here} -l ${flagName(option).slice(2)}${value} -d ${quote(option.help)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}
