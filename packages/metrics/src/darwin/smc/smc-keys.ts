import { HecateError, readSmcNumber } from '@hecate/host';
import type { Smc, SmcKey } from '@hecate/host';
import { meaningOf } from './smc-sensor.ts';
import type { SmcMeaning } from './smc-sensor.ts';

/** A key that is read at each sample. */
export interface SmcSensor extends SmcMeaning {
  readonly key: SmcKey;
}

/** A fan: its number in the controller, and its keys; null where there is none of that name. */
export interface SmcFan {
  readonly number: number;
  /** What the controller calls it; null on Apple silicon, where it has no names. */
  readonly label: string | null;
  readonly actual: SmcKey | null;
  readonly least: SmcKey | null;
  readonly most: SmcKey | null;
  readonly target: SmcKey | null;
  readonly mode: SmcKey | null;
}

/** What of the controller is read. */
export interface SmcKeys {
  readonly sensors: readonly SmcSensor[];
  readonly fans: readonly SmcFan[];
  /** On Intel's older Macs, bits for the fans whose speed somebody has set. */
  readonly mask: SmcKey | null;
  /** Keys in all, and temperatures that are known and not read, as their zone has too many. */
  readonly count: number;
  readonly left: number;
  /** Keys that would be read, of which the controller refuses to say anything. */
  readonly refused: readonly string[];
}

/** A zone has so many keys at most: a sample is one call for each. */
const MOST_OF_ZONE = 24;
/** More than any Mac has. */
const MOST_KEYS = 20_000;
const MOST_FANS = 10;
/** Keys after which others have their turn. */
const SLICE = 64;

/** Leaves out the parts of a zone that has a figure of its own, and what is too much. */
function choose(found: readonly SmcSensor[]): readonly SmcSensor[] {
  const wholes = new Set(found.filter(({ isWhole }) => isWhole).map(({ zone }) => zone));
  const taken = new Map<string, number>();
  return found.filter(({ zone, isWhole }) => {
    if (zone === undefined) return true;
    if (wholes.has(zone)) return isWhole === true;
    const count = (taken.get(zone) ?? 0) + 1;
    taken.set(zone, count);
    return count <= MOST_OF_ZONE;
  });
}

/** Names of fans are in a structure (`{fds`): a text of twelve letters from the fourth byte on. */
function labelOf(smc: Smc, number: number): string | null {
  const key = smc.find(`F${number}ID`);
  const bytes = key?.type === '{fds' ? smc.read(key) : null;
  return bytes ? bytes.toString('latin1', 4).replaceAll('\0', '').trim() || null : null;
}

/** How many fans there are: what the controller counts; where it does not say, those whose turns it has. */
function countFans(smc: Smc): number {
  const count = readSmcNumber(smc, smc.find('FNum'));
  if (count !== null) return Math.min(Math.max(0, count), MOST_FANS);
  let fans = 0;
  while (fans < MOST_FANS && smc.find(`F${fans}Ac`)) fans++;
  return fans;
}

function fanOf(smc: Smc, number: number): SmcFan {
  const key = (letters: string): SmcKey | null => smc.find(`F${number}${letters}`);
  return {
    number,
    label: labelOf(smc, number),
    actual: key('Ac'),
    least: key('Mn'),
    most: key('Mx'),
    target: key('Tg'),
    mode: key('Md') ?? key('md'),
  };
}

/**
 * A key that can be read at each sample; null where the controller has none of that name. It is read once: one that refuses would take
 * all others with it later.
 */
function findReadable(smc: Smc, name: string, refused: string[]): SmcKey | null {
  try {
    const key = smc.find(name);
    if (key) smc.read(key);
    return key;
  } catch (error) {
    if (!(error instanceof HecateError)) throw error;
    refused.push(name);
    return null;
  }
}

/**
 * Looks through all keys, once a machine: some two thousand on Apple silicon, each a call. Gives way now and then. Which keys there are
 * is asked and not taken from a table of models. Throws FAILED when the controller does not count or name them.
 */
export function* findSmcKeys(smc: Smc, isAppleSilicon: boolean): Generator<undefined, SmcKeys, undefined> {
  const count = Math.min(smc.count(), MOST_KEYS);
  const found: SmcSensor[] = [];
  const refused: string[] = [];
  for (let index = 0; index < count; index++) {
    if (index % SLICE === SLICE - 1) yield undefined;
    const name = smc.nameAt(index);
    const meaning = name === null ? null : meaningOf(name, isAppleSilicon);
    const key = name === null || meaning === null ? null : findReadable(smc, name, refused);
    if (key && meaning) found.push({ ...meaning, key });
  }
  const sensors = choose(found);
  return {
    sensors,
    fans: Array.from({ length: countFans(smc) }, (_, fan) => fanOf(smc, fan)),
    mask: smc.find('FS! '),
    count,
    left: found.length - sensors.length,
    refused,
  };
}
