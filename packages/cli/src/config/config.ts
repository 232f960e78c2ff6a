import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { causeOf, errnoOf, HecateError, messageOf } from '@hecate/host';
import { parseExports } from '@hecate/observe';
import type { ExportSettings } from '@hecate/observe';
import { parseRecordSettings, parseServeSettings } from '@hecate/observe';
import type { RecordSettings, ServeSettings } from '@hecate/observe';
import { parseAlertSettings } from '@hecate/observe';
import type { AlertSettings } from '@hecate/observe';
import { parse, TomlError } from 'smol-toml';
import { configDirectories } from '../directories.ts';
import { parseTopSettings } from '../top/settings.ts';
import type { TopSettings } from '../top/settings.ts';
import { parseTune } from './tune.ts';
import type { TuneConfig } from './tune.ts';

/** What the configuration files say: a property a section. */
export interface Config {
  readonly serve: ServeSettings;
  readonly record: RecordSettings;
  readonly tune: TuneConfig;
  readonly export: readonly ExportSettings[];
  readonly alerts: AlertSettings;
  readonly top: TopSettings;
}

/** What each section is made to. A parser gets what stands under its name, undefined where nothing does. */
const SECTIONS: { readonly [Name in keyof Config]: (raw: unknown, place: string) => Config[Name] } = {
  serve: parseServeSettings,
  record: parseRecordSettings,
  tune: parseTune,
  export: parseExports,
  alerts: parseAlertSettings,
  top: parseTopSettings,
};

type Table = Readonly<Record<string, unknown>>;

/**
 * Reads `config.toml` of /etc/hecate and of the user, the user's above the machine's, setting by setting; a list counts as one.
 * Files that are not there are no error. Throws INVALID with file and sentence: broken TOML, an unknown name, a wrong type.
 */
export function readConfig(directories: readonly string[] = configDirectories()): Config {
  const merged: Record<string, unknown> = {};
  for (const directory of directories) {
    const file = join(directory, 'config.toml');
    const raw = readTable(file);
    if (raw === null) continue;
    parseAll(raw, file);
    for (const [name, section] of Object.entries(raw)) merged[name] = merge(merged[name], section);
  }
  return parseAll(merged, 'config.toml');
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
    // Its message begins with who says it and shows the line below; its first line is the reason.
    const reason = (messageOf(error).split('\n')[0] ?? '').replace(/^Invalid TOML document: /, '');
    const place = error instanceof TomlError ? ` at line ${error.line}, column ${error.column}` : '';
    throw new HecateError('INVALID', `${file} is not valid TOML${place}: ${reason}.`, { cause: error });
  }
}

function parseAll(raw: Table, file: string): Config {
  const names = Object.keys(SECTIONS);
  const unknown = Object.keys(raw).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const hint = `Known are ${names.join(', ')}.`;
    throw new HecateError('INVALID', `${file}: there is no setting ${JSON.stringify(unknown)}.`, { hint });
  }
  const parsed = Object.entries(SECTIONS).map(([name, parseOne]) => [name, parseOne(raw[name], `${file}, [${name}]`)]);
  return Object.fromEntries(parsed) as Config;
}

const isTable = (value: unknown): value is Table => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A table of the user takes the place of the machine's setting by setting, anything else as a whole. */
function merge(machine: unknown, user: unknown): unknown {
  return isTable(machine) && isTable(user) ? { ...machine, ...user } : user;
}
