import { crc32 } from 'node:zlib';
import type { ProcessIdentity } from '@hecate/host';
import type { Json } from '../action.ts';
import type { DeviceIdentity } from '../handler.ts';
import type { Plan } from '../plan.ts';

/** What a journal says, in the order in which it happened. `step` is the index of a change in the plan. */
export type JournalRecord =
  /** The first line. Nothing was written yet. */
  | {
      readonly type: 'begin';
      /** Of this form of the journal. */
      readonly version: 1;
      /** Seconds since the epoch. */
      readonly time: number;
      /** /proc/sys/kernel/random/boot_id; null where there is none. */
      readonly boot: string | null;
      readonly plan: Plan;
      /** Who applies: the process, and its start in ticks since boot, which tells it from a later one with its number. */
      readonly pid: number;
      readonly started: string | null;
      /** Seconds since the epoch until which it must be confirmed; null: no confirmation is wanted. */
      readonly deadline: number | null;
      /** The transaction that this one takes the place of; null for none. */
      readonly replaces: number | null;
      /** The process that it is made for: it is rolled back when that one has ended. Null: it stays. */
      readonly lease: ProcessIdentity | null;
    }
  /** It is as wanted already. It is held all the same: another change, of this plan or another, may move it. */
  | { readonly type: 'same'; readonly step: number; readonly was: Json; readonly device: DeviceIdentity | null }
  /** How it was, and what it shall be. */
  | { readonly type: 'intent'; readonly step: number; readonly was: Json; readonly wanted: Json; readonly device: DeviceIdentity | null }
  /** All that was there before is on the disk: writing begins. */
  | { readonly type: 'start' }
  /** Made, and read back as wanted. */
  | { readonly type: 'done'; readonly step: number }
  /** All changes are made. */
  | { readonly type: 'applied'; readonly time: number }
  /** It is to stay. */
  | { readonly type: 'confirmed'; readonly time: number }
  /** Rolling back begins. */
  | { readonly type: 'undo'; readonly time: number; readonly why: string }
  /** What is at these steps came from us and is about to be restored: from now on anything may be there. */
  | { readonly type: 'restore'; readonly steps: readonly number[] }
  /** A step is over, in the way that `fate` says. */
  | { readonly type: 'undone'; readonly step: number; readonly fate: Fate; readonly found: Json }
  /** Another transaction was rolled back below this one: what this step restores is now what was there before both. */
  | { readonly type: 'inherit'; readonly step: number; readonly was: Json }
  /** Nothing is left to do: rolled back, or replaced. */
  | { readonly type: 'ended'; readonly time: number };

/**
 * How the rolling back of a step ended.
 * - `restored`: it is as it was before
 * - `drifted`: somebody else changed it since; it was left alone
 * - `expired`: a reboot has taken it back
 * - `lost`: the device or file is not there any more
 * - `inherited`: a later transaction changed it again, and will restore it
 */
export type Fate = 'restored' | 'drifted' | 'expired' | 'lost' | 'inherited';

/** A line: eight hexadecimal digits of CRC-32 over the JSON behind them. */
export function encodeRecord(record: JournalRecord): string {
  const json = JSON.stringify(record);
  return `${crc32(json).toString(16).padStart(8, '0')} ${json}\n`;
}

/** The record of a line without its newline, or null when the line is damaged. */
export function parseRecord(line: string): JournalRecord | null {
  const json = line.slice(9);
  // An empty text has the checksum 0, and is no record.
  if (json === '' || !/^[0-9a-f]{8} /.test(line) || crc32(json) !== Number.parseInt(line.slice(0, 8), 16)) return null;
  return JSON.parse(json) as JournalRecord;
}
