import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deriveRates } from '@hecate/metrics';
import type { FilesystemReading, Rates, Snapshot } from '@hecate/metrics';
import { onTestFinished } from 'vitest';
import { NOTHING } from '../export/snapshot.testing.ts';
import { COLUMN_INDEX, COLUMNS } from '../record/columns.ts';
import type { Frame, Hub } from '../serve/hub.ts';
import { parseAlertSettings } from './alert-settings.ts';
import type { SourceContext } from './source.ts';
import { startAlerts } from './start-alerts.ts';
import type { RunningAlerts } from './start-alerts.ts';

/** What a tick of a test says; everything else is unknown. */
export interface Moment {
  /** Columns of the row by name. */
  readonly row?: Readonly<Record<string, number | null>>;
  readonly snapshot?: Partial<Snapshot>;
  readonly rates?: Partial<Rates>;
}

/** A hub whose ticks a test makes. */
export interface TestHub {
  readonly hub: Hub;
  /** Makes one tick, `seconds` after the last. */
  tick(moment: Moment, seconds?: number): void;
  /** Makes ticks of a second for so long. */
  run(seconds: number, moment: Moment | ((second: number) => Moment)): void;
  /** Sets the wall clock forward or back. */
  setClock(seconds: number): void;
  readonly time: number;
}

const NO_RATES = deriveRates(null, NOTHING);

/** A hub without a machine. */
export function createTestHub(startAt: number = 1_800_000_000): TestHub {
  const listeners = new Set<(frame: Frame) => void>();
  let monotonic = 1000;
  let time = startAt;
  let latest: Frame | null = null;
  const hub = {
    get latest() {
      return latest;
    },
    interval: 1,
    subscribe(listener: (frame: Frame) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  } as unknown as Hub;
  const tick = ({ row = {}, snapshot = {}, rates = {} }: Moment, seconds = 1): void => {
    monotonic += seconds;
    time += seconds;
    const cells: (number | null)[] = COLUMNS.map(() => null);
    for (const [name, value] of Object.entries(row)) cells[COLUMN_INDEX.get(name) as number] = value;
    latest = { snapshot: { ...NOTHING, ...snapshot, time, monotonic }, rates: { ...NO_RATES, ...rates }, row: cells };
    for (const listener of listeners) listener(latest);
  };
  return {
    hub,
    tick,
    run(seconds, moment) {
      for (let second = 0; second < seconds; second++) tick(typeof moment === 'function' ? moment(second) : moment);
    },
    setClock(seconds) {
      time += seconds;
    },
    get time() {
      return time;
    },
  };
}

/** A file system of a test: 100 GiB, of which so much is used. */
export function filesystem(mountpoint: string, usedPercent: number, more: Partial<FilesystemReading> = {}): FilesystemReading {
  const size = 100 * 2 ** 30;
  const used = (size * usedPercent) / 100;
  const minor = [...mountpoint].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_003, 7);
  const space = { size, used, free: size - used, available: size - used, files: 1000, filesFree: 900 };
  return {
    device: `/dev/${minor}`,
    mountpoint,
    fstype: 'ext4',
    major: 8,
    minor,
    root: '/',
    readOnly: false,
    error: null,
    ...space,
    ...more,
  };
}

/** Alerts at work on a hub of a test, by a section of config.toml as data. Without one, by our rules. */
export function alertsOf(
  hub: Hub,
  raw: Readonly<Record<string, unknown>> = {},
  more: SourceContext & { readonly stateFile?: string; readonly log?: (text: string) => void } = {},
): RunningAlerts {
  const directory = more.stateFile === undefined ? mkdtempSync(join(tmpdir(), 'hecate-alerts-')) : null;
  const stateFile = more.stateFile ?? join(directory as string, 'alerts.json');
  const settings = parseAlertSettings(raw, 'config.toml, [alerts]');
  const alerts = startAlerts({ log: () => undefined, ...more, hub, settings, stateFile });
  if (directory !== null) {
    onTestFinished(async () => {
      await alerts.close();
      rmSync(directory, { recursive: true, force: true });
    });
  }
  return alerts;
}
