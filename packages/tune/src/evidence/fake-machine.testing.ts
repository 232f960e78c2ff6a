import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openEngine } from '@hecate/change';
import type { ActionHandler, Change, Engine, JournalRecord, SysctlAction } from '@hecate/change';
import { HecateError, openHost, openWritableHost } from '@hecate/host';
import type { Finished, Host } from '@hecate/host';
import { createRandom } from './random.ts';
import type { Random } from './random.ts';

/** A machine of knobs in memory under the real engine, and a workload whose score is a function of the knobs. */
export interface FakeMachine {
  readonly engine: Engine;
  readonly host: Host;
  /** The knobs as they are now; tests may turn them themselves. */
  readonly knobs: Map<string, string>;
  /** The knobs as they were at each run of the workload. */
  readonly seen: Record<string, string>[];
  /** Which of our own transactions was noted last. */
  readonly last: () => number;
}

/** What a workload does, given the knobs: its score, or how it ends otherwise. */
export type Behaviour = (knobs: Readonly<Record<string, string>>, random: Random, run: number) => number | Partial<Finished>;

/** The workload of fake machines: it prints `score: NUMBER`, more is better. */
export const SCORE = { argv: ['score'], metric: { pattern: String.raw`score: (\S+)`, better: 'higher' } } as const;

/** Gives work a fake machine, and removes what it leaves. */
export async function withFakeMachine<T>(
  knobs: Readonly<Record<string, string>>,
  behaviour: Behaviour,
  work: (machine: FakeMachine) => Promise<T>,
): Promise<T> {
  const directory = mkdtempSync(path.join(tmpdir(), 'hecate-evidence-'));
  try {
    return await work(openFakeMachine(directory, new Map(Object.entries(knobs)), behaviour));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function openFakeMachine(directory: string, knobs: Map<string, string>, behaviour: Behaviour): FakeMachine {
  const journals = new Map<number, JournalRecord[]>();
  const random = createRandom(7);
  const seen: Record<string, string>[] = [];
  const host: Host = {
    ...openHost(),
    run: async (_argv, { signal } = {}) => {
      signal?.throwIfAborted();
      const now = Object.fromEntries(knobs);
      seen.push(now);
      const done = behaviour(now, random, seen.length);
      signal?.throwIfAborted();
      const finished = { status: 0, signal: null, stdout: '', stderr: '' };
      return typeof done === 'number' ? { ...finished, stdout: `score: 1\nscore: ${done}\n` } : { ...finished, ...done };
    },
  };
  const engine = openEngine({
    host: openWritableHost(host),
    handlers: new Map([['sysctl', knobHandler(knobs) as ActionHandler]]),
    directory,
    store: {
      ids: () => [...journals.keys()],
      live: () => [...journals.keys()].filter((id) => journals.get(id)?.at(-1)?.type !== 'ended'),
      read: (id) => ({ id, records: journals.get(id) ?? [], damaged: 0 }),
      prune: () => undefined,
      append: (id, record) => void journals.set(id, [...(journals.get(id) ?? []), record]),
    },
  });
  return { engine, host, knobs, seen, last: () => [...journals.keys()].at(-1) ?? 0 };
}

const knobHandler = (knobs: Map<string, string>): ActionHandler<SysctlAction> => ({
  kind: 'sysctl',
  persists: false,
  parse: (raw) => raw as unknown as SysctlAction,
  target: ({ key }) => key,
  describe: ({ key }) => key,
  current(_host, { key }) {
    const value = knobs.get(key);
    if (value === undefined) throw new HecateError('UNAVAILABLE', `This kernel has no ${key}.`);
    return value;
  },
  wanted: (action) => action.value,
  check: () => undefined,
  apply: (_host, { key, value }) => {
    if (value === 'refused') throw new HecateError('FAILED', `${key} did not take it.`);
    knobs.set(key, value);
  },
  restore: (_host, { key }, was) => void knobs.set(key, was as string),
});

/** A change of a fake machine's knob. */
export const turn = (key: string, value: string): Change => ({
  action: { kind: 'sysctl', key, value },
  why: 'To see what it does.',
  source: 'this test',
  risk: 'live',
});

/** About 1, off by `noise`: the sum of twelve evenly spread numbers has a variance of one. */
export function jitter(random: Random, noise: number): number {
  let sum = -6;
  for (let part = 0; part < 12; part++) sum += random.next();
  return Math.exp(noise * sum);
}
