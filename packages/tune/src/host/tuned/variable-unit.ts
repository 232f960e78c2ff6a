import path from 'node:path';
import { HecateError } from '@hecate/host';
import { settingText } from './ignored.ts';
import type { Ignored } from './ignored.ts';
import { parseIni } from './ini.ts';
import type { TunedMachine } from './machine.ts';
import { readTunedFile } from './tuned-file.ts';
import type { TunedSetting, TunedUnit } from './unit.ts';
import type { Variables } from './variables.ts';

/** What variables are set with. */
export interface VariableSources {
  readonly machine: TunedMachine;
  readonly variables: Variables;
  /** Where files of variables may lie: those of tuned's profiles. */
  readonly directories: readonly string[];
}

/**
 * Sets the variables of a profile, in their order, with those of the files that it includes; what cannot be set. Throws INVALID with its
 * place when the profile asserts what does not hold.
 */
export function defineVariables(unit: TunedUnit, sources: VariableSources): Ignored[] {
  return [...unit.settings].flatMap(([name, setting]) =>
    name === 'include' ? readVariables(setting, sources) : defineVariable(name, setting, sources.variables),
  );
}

function defineVariable(name: string, { value, place }: TunedSetting, variables: Variables): Ignored[] {
  const ignored = (why: string): Ignored[] => [{ place, setting: settingText(name, value), why }];
  if (!/^\w+$/.test(name)) return ignored('That is no name of a variable.');
  try {
    const { unknown } = variables.define(name, value);
    return unknown === null ? [] : ignored(unknown);
  } catch (error) {
    if (!(error instanceof HecateError)) throw error;
    throw new HecateError(error.code, `${place}: ${error.message}`, error.hint === undefined ? {} : { hint: error.hint });
  }
}

/** The variables of a file. It must lie beside the profiles: a profile is no reason to read any file of a machine. */
function readVariables(setting: TunedSetting, { machine, variables, directories }: VariableSources): Ignored[] {
  const file = path.posix.normalize(setting.value);
  const ignored = (why: string): Ignored[] => [{ place: setting.place, setting: settingText('include', setting.value), why }];
  if (!directories.some((directory) => file.startsWith(`${directory.replace(/\/+$/, '')}/`))) {
    return ignored(`It is read from ${directories.join(', ')} only.`);
  }
  let text: string;
  try {
    text = readTunedFile(machine.host, file);
  } catch (error) {
    if (!(error instanceof HecateError)) throw error;
    return ignored(error.message);
  }
  return parseIni(text, file, { first: 'variables', bare: true }).flatMap((section) =>
    [...section.options].flatMap(([name, { value, line }]) => defineVariable(name, { value, place: `${file}:${line}` }, variables)),
  );
}
