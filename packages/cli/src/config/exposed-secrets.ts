import { statSync } from 'node:fs';
import { join } from 'node:path';
import { configDirectories } from '../directories.ts';
import { readConfig } from './config.ts';
import type { Config } from './config.ts';

/** Modes of a file that let the group or all others read it. */
const OTHERS_READ = 0o044;

/** The configuration files that hold a secret, as `hasSecret` knows it, and that other users may read. */
export function exposedSecrets(hasSecret: (config: Config) => boolean, directories: readonly string[] = configDirectories()): string[] {
  return directories.flatMap((directory) => {
    const file = join(directory, 'config.toml');
    const mode = statSync(file, { throwIfNoEntry: false })?.mode ?? 0;
    return (mode & OTHERS_READ) !== 0 && hasSecret(readConfig([directory])) ? [file] : [];
  });
}

/** What is said of such a file. */
export const exposedSentence = (file: string): string =>
  `${file} holds a secret, and other users may read it: chmod 600, or put the secret into a file of its own and name that with token_file or password_file.`;
