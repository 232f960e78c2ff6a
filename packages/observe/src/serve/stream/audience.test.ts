import { expect, test } from 'vitest';
import type { Alert, AlertChange, Alerts } from '../../alert/alerts.ts';
import { createEventRing } from '../../event/event-log.ts';
import { createAudience } from './audience.ts';
import type { Audience } from './audience.ts';
import { createHandHub, createPaperListener, PLAIN, settle } from './listening.testing.ts';
import { TICKS_ONLY } from './subscription.ts';

const fail = (error: unknown): never => {
  throw error;
};
const LOAD = { load: { load1: 1.234, load5: 2, load15: 3, runnable: 1, threads: 2 } };
interface Message {
  readonly type: string;
  readonly time: number;
  readonly id: number;
  readonly values: Readonly<Record<string, number | null>>;
  readonly meta?: Readonly<Record<string, object>>;
}
const messages = (got: readonly Buffer[]): Message[] =>
  got.map((bytes) => JSON.parse(bytes.toString().split(' ').slice(2).join(' ')) as Message);
const times = (got: readonly Buffer[]): number[] => messages(got).map(({ time }) => time);

function createAlertList(): Alerts & { change(id: string): void } {
  const changes: AlertChange[] = [];
  const listeners = new Set<(change: AlertChange) => void>();
  return {
    active: () => [],
    all: () => [],
    history: (limit) => changes.slice(0, limit),
    silence: () => undefined,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    change(id) {
      const change: AlertChange = { time: 1, previous: null, alert: { id } as Alert };
      changes.unshift(change);
      for (const listener of listeners) listener(change);
    },
  };
}

function open(): ReturnType<typeof createHandHub> & {
  audience: Audience;
  events: ReturnType<typeof createEventRing>;
  alerts: ReturnType<typeof createAlertList>;
} {
  const hand = createHandHub();
  const events = createEventRing(5, fail);
  const alerts = createAlertList();
  return { ...hand, audience: createAudience({ hub: hand.hub, events, alerts, onError: fail }), events, alerts };
}

test('a tick is encoded once for all who want the same, and listened for only while somebody is there', async () => {
  const { audience, tick, listeners } = open();
  expect(listeners()).toBe(0);
  const [one, two, other] = [createPaperListener(), createPaperListener(), createPaperListener()];
  const members = [
    audience.join(one, TICKS_ONLY),
    audience.join(two, TICKS_ONLY),
    audience.join(other, { ...TICKS_ONLY, series: ['load1', 'nonsense'] }),
  ];
  for (const member of members) member.begin(null);
  expect([listeners(), audience.size]).toEqual([1, 3]);
  tick(10, LOAD);
  await settle();
  expect(one.got[0]).toBe(two.got[0]);
  expect(messages(one.got)[0]).toMatchObject({ type: 'tick', time: 10, values: { load1: 1.23 }, meta: { load1: expect.any(Object) } });
  expect(messages(other.got)[0]).toEqual({ type: 'tick', time: 10, values: { load1: 1.23 }, meta: { load1: expect.any(Object) } });
  // What a series is, is said once to each.
  tick(11, LOAD);
  await settle();
  expect(messages(other.got)[1]).toEqual({ type: 'tick', time: 11, values: { load1: 1.23 } });
  for (const member of members) member.leave();
  expect([listeners(), audience.size]).toEqual([0, 0]);
});

test('a slow client gets the newest tick when it reads again, and never more than that waits', async () => {
  const { audience, tick } = open();
  const [slow, quick] = [createPaperListener(), createPaperListener()];
  audience.join(slow, TICKS_ONLY).begin(null);
  audience.join(quick, TICKS_ONLY).begin(null);
  tick(1);
  await settle();
  slow.stick();
  for (let time = 2; time <= 9; time++) {
    tick(time, LOAD);
    await settle();
    expect(slow.waiting()).toBeLessThanOrEqual(1);
  }
  expect(times(quick.got)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  slow.release();
  expect(times(slow.got)).toEqual([1, 2, 9]);
  // What it has missed it does not know yet, and what it has got it does.
  const known = messages(slow.got).map(({ meta }) => meta !== undefined && 'load1' in meta);
  expect(known).toEqual([false, true, false]);
  tick(10, LOAD);
  await settle();
  expect(times(slow.got)).toEqual([1, 2, 9, 10]);
});

test('who comes while the listeners of a tick are called gets that tick once', async () => {
  const { audience, hub, tick } = open();
  const [late, filled] = [createPaperListener(), createPaperListener()];
  const leave = hub.subscribe((frame) => {
    leave();
    audience.join(late, TICKS_ONLY).begin(null);
    // This one has it among what it was told first.
    audience.join(filled, TICKS_ONLY).begin(frame);
  });
  audience.join(createPaperListener(), TICKS_ONLY).begin(null);
  tick(1);
  await settle();
  expect([times(late.got), times(filled.got)]).toEqual([[1], []]);
  tick(2);
  await settle();
  expect([times(late.got), times(filled.got)]).toEqual([[1, 2], [2]]);
});

test('every: one tick a stretch, on whole stretches, and the newest at once for who comes', async () => {
  const { audience, tick } = open();
  const rare = createPaperListener();
  tick(5);
  audience.join(rare, { ...TICKS_ONLY, every: 10 }).begin(null);
  expect(times(rare.got)).toEqual([5]);
  for (let time = 6; time <= 31; time++) {
    // Ticks lie a hair beside the whole second.
    tick(time + (time % 2 ? 0.001 : -0.001));
    await settle();
  }
  expect(times(rare.got).slice(-3).map(Math.round)).toEqual([10, 20, 30]);
  expect(rare.got.length).toBeLessThanOrEqual(5);
});

test('events and alerts are never dropped for a slow client, as far as they are kept', async () => {
  const { audience, events, alerts, tick } = open();
  const client = createPaperListener();
  audience.join(client, { ...TICKS_ONLY, series: [], events: true, alerts: true }).begin(null);
  const event = (seconds: number): void => events.add({ time: 1, kind: 'clock', change: 'set', seconds });
  event(1);
  alerts.change('a');
  client.stick();
  event(2);
  tick(1);
  await settle();
  for (let count = 3; count <= 9; count++) event(count);
  alerts.change('b');
  alerts.change('c');
  expect(client.waiting()).toBe(1);
  client.release();
  const got = messages(client.got) as unknown as { type: string; id?: number; alert?: { id: string } }[];
  // Five events are kept; the second was on its way already.
  expect(got.flatMap(({ type, id }) => (type === 'event' ? [id] : []))).toEqual([1, 2, 5, 6, 7, 8, 9]);
  expect(got.flatMap(({ alert }) => (alert ? [alert.id] : []))).toEqual(['a', 'b', 'c']);
  expect(got.some(({ type }) => type === 'tick')).toBe(false);
});

test('who comes back with the mark of an event gets what came after it; after a restart all that is kept', () => {
  const { audience, events } = open();
  for (let count = 1; count <= 4; count++) events.add({ time: count, kind: 'clock', change: 'set', seconds: count });
  const ask = (mark: string): (number | undefined)[] => {
    const client = createPaperListener();
    const member = audience.join(client, { ...TICKS_ONLY, series: [], events: true }, audience.idOf(mark));
    member.begin(null);
    member.leave();
    return messages(client.got).map(({ id }) => id);
  };
  expect(ask(audience.markOf(3))).toEqual([4]);
  expect(ask(audience.markOf(4))).toEqual([]);
  for (const foreign of ['', 'x', '3', 'zzz-3', `${audience.markOf(3)}x`, '-1']) expect(ask(foreign)).toEqual([1, 2, 3, 4]);
});

test('a tick that comes while the one before is being sent waits, and only the newest does', async () => {
  const { audience, tick } = open();
  const clients = Array.from({ length: 50 }, () => createPaperListener({ wrap: PLAIN.wrap }));
  for (const client of clients) audience.join(client, TICKS_ONLY).begin(null);
  for (let time = 1; time <= 5; time++) tick(time);
  await settle();
  for (const { got } of clients) expect(times(got).at(-1)).toBe(5);
});

test('a client that leaves in the middle, changes what it wants, or is told nothing before it began', async () => {
  const { audience, tick, events } = open();
  const client = createPaperListener();
  const member = audience.join(client, TICKS_ONLY);
  tick(1);
  await settle();
  expect(client.got).toEqual([]);
  member.begin(null);
  expect(times(client.got)).toEqual([1]);
  member.subscribe({ ...TICKS_ONLY, series: ['load1'], events: true });
  events.add({ time: 1, kind: 'clock', change: 'set', seconds: 1 });
  tick(2, LOAD);
  await settle();
  expect(messages(client.got).slice(1)).toEqual([
    expect.objectContaining({ type: 'event', id: 1, kind: 'clock', seconds: 1 }),
    { type: 'tick', time: 2, values: { load1: 1.23 }, meta: { load1: expect.any(Object) } },
  ]);
  member.leave();
  member.leave();
  member.subscribe(TICKS_ONLY);
  member.begin(null);
  tick(3);
  await settle();
  expect([client.got.length, audience.size]).toEqual([3, 0]);
});
