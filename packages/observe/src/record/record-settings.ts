import { boolean, maxValue, minValue, number, optional, pipe, strictObject } from 'valibot';
import { PROCESS_ENTRIES, processSettings } from '../process-log/process-settings.ts';
import type { ProcessSettings } from '../process-log/process-settings.ts';
import { size } from '../setting-values.ts';
import { checkSettings } from '../settings.ts';

/** `[record]`: what the daemon keeps, and for how long. */
export interface RecordSettings extends ProcessSettings {
  /** Days whose day files are kept, those counted that have one; 0: all of them. Default 90. */
  readonly keepDays: number;
  /** Bytes that all day files may take; the oldest go first. Default 4 GiB. */
  readonly keepBytes: number;
  /** Whether the history in tiers is kept. Default true. */
  readonly tiers: boolean;
}

const DAYS = 'must be a number of days from 0 (all are kept) to 36500';

const SCHEMA = strictObject({
  keep_days: optional(pipe(number(DAYS), minValue(0, DAYS), maxValue(36_500, DAYS)), 90),
  keep_bytes: optional(size('64MiB'), '4GiB'),
  tiers: optional(boolean(), true),
  ...PROCESS_ENTRIES,
});

/** The section of `config.toml`. Throws INVALID. */
export function parseRecordSettings(raw: unknown, place: string): RecordSettings {
  const read = checkSettings(SCHEMA, raw ?? {}, place);
  return { keepDays: read.keep_days, keepBytes: read.keep_bytes, tiers: read.tiers, ...processSettings(read) };
}
