import { expect, test } from 'vitest';
import { openHost, openRootedHost } from '@hecate/host';
import type { MachineEvent } from '@hecate/metrics';
import { createEventRing } from './event-log.ts';
import { openEventLog } from './open-event-log.ts';
import type { WatchedEventLog } from './open-event-log.ts';

const at = (time: number): MachineEvent => ({ time, kind: 'clock', change: 'set', seconds: 1 });

test('the last events are kept, by number', () => {
  const ring = createEventRing(3, () => undefined);
  expect([ring.newest, ring.since(0)]).toEqual([0, []]);
  for (let time = 1; time <= 7; time++) ring.add(at(time));
  const ids = (id: number): number[] => ring.since(id).map((logged) => logged.id);
  expect([ids(0), ids(4), ids(5), ids(6), ids(7), ids(99)]).toEqual([[5, 6, 7], [5, 6, 7], [6, 7], [7], [], []]);
  expect(ring.since(6)).toEqual([{ id: 7, event: at(7) }]);
  expect(ring.newest).toBe(7);
});

test('a listener that throws is told of, and the others hear all the same', () => {
  const errors: unknown[] = [];
  const heard: number[] = [];
  const ring = createEventRing(3, (error) => errors.push(error));
  ring.subscribe(() => {
    throw new Error('no');
  });
  const leave = ring.subscribe(({ id }) => heard.push(id));
  ring.add(at(1));
  leave();
  ring.add(at(2));
  expect([heard, errors.length]).toEqual([[1], 2]);
});

test('a machine of files has no events, and nothing is said about it', async () => {
  const said: string[] = [];
  const stop = new AbortController();
  const log = openEventLog({ host: openRootedHost('/'), log: (text) => said.push(text), signal: stop.signal, directory: null });
  expect([log.newest, log.since(0), log.past]).toEqual([0, [], undefined]);
  await log.close();
  expect(said).toEqual([]);
});

test('what cannot be watched is told once, and leaves a log without events', async () => {
  const said: string[] = [];
  const broken = {
    ...openHost(),
    clock: {
      ...openHost().clock,
      now: () => {
        throw new Error('The clock is broken.');
      },
    },
  };
  let log: WatchedEventLog | undefined;
  const { signal } = new AbortController();
  // Loading what watches takes as long as it takes.
  await new Promise<void>((resolve) => {
    const take = (text: string): void => {
      said.push(text);
      resolve();
    };
    log = openEventLog({ host: broken, log: take, signal, directory: null });
  });
  expect(said).toEqual([expect.stringMatching(/^There are no events\. /)]);
  expect(log?.since(0)).toEqual([]);
  await log?.close();
});
