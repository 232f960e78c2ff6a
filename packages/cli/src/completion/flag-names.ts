import type { OptionDeclaration } from '../command-table.ts';

/** `--interval` of `--interval <seconds>`. */
export function flagName({ flags }: OptionDeclaration): string {
  return flags.split(' ', 1)[0]!;
}

/** Whether a value follows. */
export function takesValue({ flags }: OptionDeclaration): boolean {
  return flags.includes('<');
}
