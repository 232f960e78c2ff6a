import type { Host } from '@hecate/host';
import type { PowerSource } from '../../domain/power.ts';
import { countOf } from './decimal.ts';
import { askProgram, notUnderstood } from './program.ts';

/** One battery or UPS, as pmset(1) tells of it. */
export interface PmsetSupply {
  /** `InternalBattery-0`, `Back-UPS ES 700`. */
  readonly name: string;
  /** The number that macOS gives it in this session; null on versions that do not print it. */
  readonly id: number | null;
  /** Share of a full charge, 0 to 1. */
  readonly charge: number | null;
  /** `charging`, `discharging`, `charged`, `finishing charge`, `not charging`; null where it says nothing. */
  readonly state: string | null;
  /** Whether the adapter is there but does not charge (`AC attached; not charging`). */
  readonly attached: boolean;
  /** Seconds until empty or full, as the state says; null for `(no estimate)`, and for the 0:00 of a full one. */
  readonly remaining: number | null;
  /** Whether a battery is in its bay; null where it does not say. */
  readonly present: boolean | null;
}

/** What `pmset -g batt` and `pmset -g ps` tell. */
export interface PmsetPower {
  readonly source: PowerSource;
  /** None on a Mac without a battery. */
  readonly supplies: readonly PmsetSupply[];
}

const SOURCES: Readonly<Record<string, PowerSource>> = { 'AC Power': 'ac', 'Battery Power': 'battery', 'UPS Power': 'battery' };
/** The blank before the charge is a tab; in what people and other programs hand on it is blanks. */
const SUPPLY = /^\s*-(.+?)(?:\s+\(id=(\d+)\))?\s+(\d{1,3})%(?:;\s*(.*))?$/;

function remainingOf(text: string): number | null {
  const [, hours, minutes] = /(\d{1,4}):(\d\d)\s+remaining/.exec(text) ?? [];
  const seconds = hours === undefined ? 0 : Number(hours) * 3600 + Number(minutes) * 60;
  return seconds === 0 ? null : seconds;
}

function supplyOf(line: string): PmsetSupply | null {
  const [, name, id, percent, rest = ''] = SUPPLY.exec(line) ?? [];
  if (name === undefined) return null;
  const present = /present:\s*(true|false)/.exec(rest)?.[1];
  const said = rest
    .replace(/\s*present:.*$/, '')
    .split(';')
    .map((part) => part.trim());
  const word = said.find((part) => /^[a-z ]+$/i.test(part) && part !== 'AC attached');
  const charge = countOf(percent)!;
  return {
    name: name.trim(),
    id: countOf(id),
    charge: charge <= 100 ? charge / 100 : null,
    state: word?.toLowerCase() ?? null,
    attached: said.includes('AC attached'),
    remaining: remainingOf(rest),
    present: present === undefined ? null : present === 'true',
  };
}

/** Reads what `pmset -g batt` or `pmset -g ps` prints. Throws FAILED where it says neither a source nor a battery. */
export function parsePmset(text: string): PmsetPower {
  const said = /(?:Now|Currently) drawing from '([^']*)'/.exec(text)?.[1];
  const supplies = text
    .split('\n')
    .map(supplyOf)
    .filter((supply) => supply !== null);
  if (said === undefined && supplies.length === 0) throw notUnderstood('pmset', text);
  return { source: SOURCES[said ?? ''] ?? 'unknown', supplies };
}

/** What feeds the machine, and its batteries. Throws as {@link askProgram} and {@link parsePmset}. */
export async function readPmset(host: Host): Promise<PmsetPower> {
  return parsePmset(await askProgram(host, { argv: ['/usr/bin/pmset', '-g', 'batt'] }));
}
