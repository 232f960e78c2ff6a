import { join } from 'node:path';
import { configDirectories } from '../directories.ts';

/** Where profiles are looked for: those that came with hecate, those of the machine, those of the user. What comes later wins. */
export function profileDirectories(): string[] {
  return [join(__dirname, '..', 'profiles'), ...configDirectories().map((directory) => join(directory, 'profiles'))];
}
