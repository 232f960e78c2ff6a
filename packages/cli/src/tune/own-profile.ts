import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { errnoOf, HecateError } from '@hecate/host';
import { PROFILE_NAME, listProfiles } from '@hecate/tune';
import { configDirectories } from '../directories.ts';
import { profileDirectories } from './profile-directories.ts';

/**
 * Where a profile of one's own is kept: the machine's directory for root, else the user's. Throws INVALID for a name that is none,
 * CONFLICT for a profile that is there already, unless it lies in that very file and may be replaced.
 */
export function ownProfileFile(name: string, mayReplace: boolean): string {
  if (!PROFILE_NAME.test(name)) {
    throw new HecateError('INVALID', `${JSON.stringify(name)} is no name of a profile.`, {
      hint: 'Use small letters, digits and hyphens.',
    });
  }
  const [machine, user] = configDirectories() as [string, string];
  const file = join(process.getuid?.() === 0 ? machine : user, 'profiles', `${name}.toml`);
  const isOwn = existsSync(file);
  if (isOwn ? mayReplace : !listProfiles(profileDirectories()).some((profile) => profile.name === name)) return file;
  throw new HecateError('CONFLICT', `There is a profile ${name} already.`, {
    hint: isOwn ? 'Choose another name, or replace it with --force.' : 'Choose another name.',
  });
}

/** Writes a profile whole, or not at all. */
export function saveProfile(file: string, text: string): void {
  const beside = `${file}.${process.pid}`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(beside, text, { flag: 'wx' });
    renameSync(beside, file);
  } catch (error) {
    if (errnoOf(error) !== 'EACCES' && errnoOf(error) !== 'EROFS') throw error;
    throw new HecateError('DENIED', `The profile could not be written to ${file}.`, { cause: error });
  }
}
