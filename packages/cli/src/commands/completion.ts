import { COMMANDS } from '../command-table.ts';
import { bashScript } from '../completion/bash.ts';
import { fishScript } from '../completion/fish.ts';
import { zshScript } from '../completion/zsh.ts';

const SCRIPTS: Readonly<Record<'bash' | 'zsh' | 'fish', (commands: typeof COMMANDS) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/** `hecate completion`. */
export async function run({ shell }: { readonly shell: keyof typeof SCRIPTS }): Promise<void> {
  process.stdout.write(SCRIPTS[shell](COMMANDS));
}
