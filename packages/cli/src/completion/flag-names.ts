import type { CommandDeclaration, OptionDeclaration } from '../command-table.ts';

/** `--interval` of `--interval <seconds>`. */
export function flagName({ flags }: OptionDeclaration): string {
  return flags.split(' ', 1)[0]!;
}

/** Whether a value follows. */
export function takesValue({ flags }: OptionDeclaration): boolean {
  return flags.includes('<');
}

/** The words that are offered as operands of a command. */
export function operandWords({ operands = [] }: CommandDeclaration): string[] {
  return operands.flatMap(({ choices = [] }) => choices);
}
