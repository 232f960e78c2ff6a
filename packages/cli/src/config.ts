import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { causeOf, errnoOf, HecateError, messageOf } from '@hecate/host';
import { parse } from 'smol-toml';
import { configDirectories } from './directories.ts';

/** What the configuration files say. */
export interface Config {
  readonly tune: TuneConfig;
}

/** `[tune]`: what the daemon does to the machine it watches. */
export interface TuneConfig {
  /** The profile that is in force while the daemon runs; `auto`: the one that fits the machine. Null: none, which is the default. */
  readonly profile: string | null;
  /** Seconds from the start of the daemon until the profile is applied, 0 to 60. Default 20. */
  readonly settle: number;
  /** Seconds in which the machine is watched after that; when it gets worse, all is undone. 0: it is not watched. Default 30. */
  readonly watch: number;
}

const DEFAULTS: TuneConfig = { profile: null, settle: 20, watch: 30 };

type Table = Readonly<Record<string, unknown>>;

/**
 * Reads `config.toml` of /etc/hecate and of the user, the user's above the machine's. Files that are not there are no error.
 * Throws INVALID with file and sentence: broken TOML, an unknown name, a wrong type.
 */
export function readConfig(directories: readonly string[] = configDirectories()): Config {
  const said = directories.map((directory) => {
    const file = join(directory, 'config.toml');
    const raw = readTable(file);
    return raw === null ? {} : tuneOf(raw, file);
  });
  const tune: TuneConfig = Object.assign({}, DEFAULTS, ...said);
  const { HECATE_TUNE_PROFILE: own } = process.env;
  return { tune: own === undefined || own === '' ? tune : { ...tune, profile: own === 'off' ? null : own } };
}

function readTable(file: string): Table | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return null;
    throw new HecateError('INVALID', `${file} cannot be read: ${causeOf(error)}.`, { cause: error });
  }
  try {
    return parse(text);
  } catch (error) {
    // Its message shows the line beside the reason; the first line of it is the reason.
    throw new HecateError('INVALID', `${file} is not valid TOML: ${messageOf(error).split('\n')[0]}`, { cause: error });
  }
}

function tuneOf(raw: Table, file: string): Partial<TuneConfig> {
  refuseUnknown(raw, ['tune'], file);
  const { tune = {} } = raw;
  if (typeof tune !== 'object' || tune === null || Array.isArray(tune))
    throw new HecateError('INVALID', `${file}: tune must be a table: [tune].`);
  const table = tune as Table;
  refuseUnknown(table, Object.keys(DEFAULTS), `${file}, [tune]`);
  const { profile } = table;
  if (profile !== undefined && (typeof profile !== 'string' || !/^[a-z0-9][a-z0-9-]*$/.test(profile))) {
    throw new HecateError('INVALID', `${file}, [tune]: profile must be the name of a profile, "auto" or "off".`);
  }
  return {
    ...(profile === undefined ? {} : { profile: profile === 'off' ? null : profile }),
    ...secondsOf(table, 'settle', 60, file),
    ...secondsOf(table, 'watch', 3600, file),
  };
}

function secondsOf(table: Table, name: 'settle' | 'watch', most: number, file: string): Partial<TuneConfig> {
  const value = table[name];
  if (value === undefined) return {};
  if (typeof value !== 'number' || !(value >= 0 && value <= most)) {
    throw new HecateError('INVALID', `${file}, [tune]: ${name} must be a number of seconds from 0 to ${most}.`);
  }
  return { [name]: value };
}

function refuseUnknown(table: Table, known: readonly string[], place: string): void {
  const unknown = Object.keys(table).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new HecateError('INVALID', `${place}: there is no setting ${JSON.stringify(unknown)}.`, { hint: `Known are ${known.join(', ')}.` });
}
