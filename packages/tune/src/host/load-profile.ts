import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { errnoOf, HecateError, nearestNames, causeOf } from '@hecate/host';
import { knobOf } from './knobs/index.ts';
import { identityOf } from './knobs/knob.ts';
import { parseProfile } from './parse-profile.ts';
import { PROFILE_NAME } from './profile.ts';
import type { KnobEntry, Profile } from './profile.ts';

/** A profile in a list. */
export interface ProfileListing {
  readonly name: string;
  readonly file: string;
  /** The profile with what it includes; null when it cannot be loaded: see `error`. */
  readonly profile: Profile | null;
  readonly error: HecateError | null;
}

const ENDING = '.toml';

/**
 * The profile of a name with the knobs of those that it includes. Of several directories the last that has the file wins; a profile
 * that includes its own name builds on the one of an earlier directory. Throws INVALID: no such profile, no name, a file that is none,
 * an include that leads back to itself.
 */
export function loadProfile(name: string, directories: readonly string[]): Profile {
  if (!PROFILE_NAME.test(name)) {
    throw new HecateError('INVALID', `${JSON.stringify(name)} is no name of a profile.`, { hint: 'It is a name, not a path: server.' });
  }
  return load(name, directories, []);
}

function load(name: string, directories: readonly string[], trail: readonly string[]): Profile {
  const [file, index] = find(name, directories, trail);
  if (trail.includes(file)) {
    throw new HecateError('INVALID', `The profile ${name} includes itself: ${[...trail, file].join(' -> ')}.`);
  }
  const own = parseProfile(readProfile(file), file);
  if (own.name !== name) {
    throw new HecateError('INVALID', `${file}: The profile is called ${own.name}, and its file ${name}${ENDING}.`, {
      hint: 'Name and file must be the same.',
    });
  }
  if (own.include === null) {
    if (own.without.length === 0) return own;
    throw new HecateError('INVALID', `${file}: The profile includes none, and there is nothing that it could be without.`);
  }
  const below = own.include === name ? directories.slice(0, index) : directories;
  return { ...own, knobs: merge(load(own.include, below, [...trail, file]), own, file) };
}

/** The file of a profile, and the number of the directory that has it. Throws INVALID when none has. */
function find(name: string, directories: readonly string[], trail: readonly string[]): readonly [file: string, index: number] {
  for (const [index, directory] of [...directories.entries()].toReversed()) {
    const file = join(directory, name + ENDING);
    if (statSync(file, { throwIfNoEntry: false }) !== undefined) return [file, index];
  }
  const names = [...new Set(directories.flatMap(namesIn))].sort();
  const [near] = nearestNames(name, names);
  const includer = trail.at(-1);
  throw new HecateError('INVALID', `${includer === undefined ? '' : `${includer}: `}There is no profile ${name}.`, {
    hint: near === undefined ? `There are ${names.join(', ') || 'none'}.` : `Did you mean ${near}?`,
  });
}

function readProfile(file: string): string {
  try {
    // A pipe would keep us waiting for ever.
    if (!statSync(file).isFile()) throw new HecateError('INVALID', `${file} is no file.`);
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (errnoOf(cause) === undefined) throw cause;
    throw new HecateError(errnoOf(cause) === 'EACCES' ? 'DENIED' : 'UNAVAILABLE', `${file} cannot be read: ${causeOf(cause)}.`, { cause });
  }
}

/** The knobs of both; those of `own` replace what sets the same thing. */
function merge(included: Profile, own: Profile, file: string): KnobEntry[] {
  const identity = (entry: KnobEntry): string => identityOf(knobOf(entry.knob), entry);
  const inherited = included.knobs.map(identity);
  const missing = own.without.find((name) => !inherited.includes(name));
  if (missing !== undefined) {
    const [near] = nearestNames(missing, inherited);
    throw new HecateError('INVALID', `${file}: The profile is without ${missing}, which ${included.name} does not have.`, {
      hint: near === undefined ? `It has ${inherited.join(', ') || 'nothing'}.` : `Did you mean ${near}?`,
    });
  }
  const gone = new Set([...own.without, ...own.knobs.map(identity)]);
  return [...included.knobs.filter((entry) => !gone.has(identity(entry))), ...own.knobs];
}

/** Every profile of these directories by name. One that cannot be loaded is listed with its error. */
export function listProfiles(directories: readonly string[]): ProfileListing[] {
  const names = [...new Set(directories.flatMap(namesIn))].sort();
  return names.map((name): ProfileListing => {
    const [file] = find(name, directories, []);
    try {
      return { name, file, profile: loadProfile(name, directories), error: null };
    } catch (error) {
      if (!(error instanceof HecateError)) throw error;
      return { name, file, profile: null, error };
    }
  });
}

/** Names of the profiles in a directory; none when it is not there or may not be read. */
function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => name.endsWith(ENDING))
      .map((name) => name.slice(0, -ENDING.length))
      .filter((name) => PROFILE_NAME.test(name));
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return [];
  }
}
