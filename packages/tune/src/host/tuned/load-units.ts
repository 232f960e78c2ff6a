import path from 'node:path';
import { HecateError, nearestNames } from '@hecate/host';
import { settingText } from './ignored.ts';
import type { Ignored } from './ignored.ts';
import { parseIni } from './ini.ts';
import type { TunedMachine } from './machine.ts';
import { readTunedFile } from './tuned-file.ts';
import { mergeUnit, unitOf } from './unit.ts';
import type { TunedSetting, TunedUnit } from './unit.ts';
import type { Variables } from './variables.ts';

/** Where tuned keeps its profiles, the strongest last. */
export const TUNED_DIRECTORIES: readonly string[] = ['/usr/lib/tuned', '/usr/lib/tuned/profiles', '/etc/tuned', '/etc/tuned/profiles'];

const FILE = 'tuned.conf';
const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
/** More than any chain of includes. */
const MOST_FILES = 64;

/** A profile with those that it includes. */
export interface LoadedUnits {
  /** The file of the profile itself. */
  readonly file: string;
  /** Its section `[main]`. */
  readonly main: ReadonlyMap<string, TunedSetting>;
  /** The others by name, in the order in which they came. */
  readonly units: ReadonlyMap<string, TunedUnit>;
  readonly ignored: readonly Ignored[];
}

interface Loading {
  readonly machine: TunedMachine;
  readonly directories: readonly string[];
  readonly variables: Variables;
  /** Files that are read; true while what they include is read. */
  readonly files: Map<string, boolean>;
  readonly main: Map<string, TunedSetting>;
  readonly units: Map<string, TunedUnit>;
  readonly ignored: Ignored[];
}

/**
 * Reads a profile and what it includes; of several directories the last that has it wins, and one that includes its own name builds
 * on that of an earlier directory. Throws INVALID: no such profile, no name, a file that is none.
 */
export function loadUnits(name: string, directories: readonly string[], machine: TunedMachine, variables: Variables): LoadedUnits {
  const loading: Loading = { machine, directories, variables, files: new Map(), main: new Map(), units: new Map(), ignored: [] };
  const file = load(name, loading);
  if (file === null) throw missing(name, loading);
  const { main, units, ignored } = loading;
  return { file, main, units, ignored };
}

/** Reads one profile; the file, or null when there is none. */
function load(name: string, loading: Loading): string | null {
  if (!NAME.test(name)) {
    throw new HecateError('INVALID', `${JSON.stringify(name)} is no name of a profile.`, {
      hint: 'It is a name, not a path: throughput-performance.',
    });
  }
  const file = find(name, loading);
  if (file === null) return null;
  if (loading.files.size >= MOST_FILES) throw new HecateError('INVALID', `${file}: More than ${MOST_FILES} profiles are included.`);
  loading.files.set(file, true);
  const text = readTunedFile(loading.machine.host, file);
  const units = parseIni(text, file).map((section) => unitOf(section, file, path.posix.dirname(file)));
  const main = units.find((unit) => unit.name === 'main')?.settings ?? new Map<string, TunedSetting>();
  const include = main.get('include');
  if (include) loadIncluded(include, loading);
  loading.files.set(file, false);
  for (const [option, setting] of main) if (option !== 'include') loading.main.set(option, setting);
  for (const unit of units) {
    if (unit.name === 'main') continue;
    const below = loading.units.get(unit.name);
    loading.units.set(unit.name, below ? mergeUnit(below, unit) : unit);
  }
  return file;
}

function loadIncluded(include: TunedSetting, loading: Loading): void {
  const { text, unknown } = loading.variables.expand(include.value);
  const ignore = (why: string): void =>
    void loading.ignored.push({ place: include.place, setting: settingText('include', include.value), why });
  if (unknown !== null) return ignore(unknown);
  for (const written of text.split(/\s*[,;]\s*/)) {
    // A dash before it says that the profile may be missing.
    const name = written.replace(/^-/, '');
    if (!NAME.test(name)) throw new HecateError('INVALID', `${include.place}: ${JSON.stringify(written)} is no name of a profile.`);
    if (load(name, loading) !== null) continue;
    const known = candidates(name, loading).filter((file) => loading.files.has(file));
    if (known.some((file) => loading.files.get(file))) ignore(`The profile ${name} includes itself.`);
    else if (known.length === 0 && written === name) throw missing(name, loading, include.place);
    else if (known.length === 0) ignore(`There is no profile ${name}, which does not matter: it is included with a dash.`);
  }
}

const candidates = (name: string, { directories }: Loading): string[] =>
  directories.map((directory) => path.posix.join(directory, name, FILE)).toReversed();

/** The file of a profile that has not been read yet; null when there is none. */
function find(name: string, loading: Loading): string | null {
  return candidates(name, loading).find((file) => !loading.files.has(file) && isThere(path.posix.dirname(file), loading)) ?? null;
}

/** Whether a directory holds a profile, also one that may not be read: a weaker one may not take its place then. */
const isThere = (directory: string, { machine: { look } }: Loading): boolean => look.names(directory, /^tuned\.conf$/).length > 0;

function missing(name: string, loading: Loading, place?: string): HecateError {
  const { directories, machine } = loading;
  const names = new Set(directories.flatMap((from) => machine.look.names(from, NAME).filter((one) => isThere(`${from}/${one}`, loading))));
  const [near] = nearestNames(name, [...names]);
  const hint = near === undefined ? `It is looked for in ${directories.join(', ')}.` : `Did you mean ${near}?`;
  return new HecateError('INVALID', `${place === undefined ? '' : `${place}: `}There is no tuned profile ${name}.`, { hint });
}
