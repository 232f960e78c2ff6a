import { deriveRates } from '@hecate/metrics';
import type { Snapshot } from '@hecate/metrics';
import { NOTHING } from '../../export/snapshot.testing.ts';
import { machineRow } from '../../record/machine-row.ts';
import { createHistory } from '../history.ts';
import type { Frame, Hub } from '../hub.ts';
import type { Listener, Protocol } from './listener.ts';

/** A hub whose ticks are made by hand. */
export function createHandHub(interval: number = 1): {
  readonly hub: Hub;
  tick(time: number, change?: Partial<Snapshot>): Frame;
  readonly listeners: () => number;
} {
  const listeners = new Set<(frame: Frame) => void>();
  let latest: Frame | null = null;
  const hub: Hub = {
    get latest() {
      return latest;
    },
    history: createHistory(10, interval),
    samples: 0,
    interval,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    look: () => undefined,
    isWatched: () => false,
    run: () => Promise.resolve(),
  };
  return {
    hub,
    tick(time, change = {}) {
      const snapshot: Snapshot = { ...NOTHING, ...change, time };
      const rates = deriveRates(latest?.snapshot ?? null, snapshot);
      latest = { snapshot, rates, row: machineRow(snapshot, rates) };
      for (const listener of listeners) listener(latest);
      return latest;
    },
    listeners: () => listeners.size,
  };
}

/** Messages as they are, with what they are about. */
export const PLAIN: Protocol = { wrap: (topic, text, mark) => Buffer.from(`${topic} ${mark ?? '-'} ${text}`) };

/** A client that is written down; while it is stuck, what is sent to it waits, as in a socket whose other end does not read. */
export function createPaperListener(
  protocol: Protocol = PLAIN,
): Listener & { readonly got: Buffer[]; readonly waiting: () => number; stick(): void; release(): void } {
  const got: Buffer[] = [];
  let stuck = false;
  let waiting: { bytes: Buffer; sent: () => void }[] = [];
  return {
    protocol,
    got,
    backlog: () => waiting.reduce((sum, { bytes }) => sum + bytes.length, 0),
    write(bytes, sent) {
      if (stuck) waiting.push({ bytes, sent });
      else got.push(bytes);
    },
    waiting: () => waiting.length,
    stick: () => (stuck = true),
    release() {
      stuck = false;
      const flushed = waiting;
      waiting = [];
      got.push(...flushed.map(({ bytes }) => bytes));
      for (const { sent } of flushed) sent();
    },
  };
}

/** Lets everything that was begun come to its end. */
export async function settle(): Promise<void> {
  for (let round = 0; round < 20; round++) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}
