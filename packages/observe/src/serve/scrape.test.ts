import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { openHost } from '@hecate/host';
import { openSampler } from '@hecate/metrics';
import { openMetricsPieces, prometheusPieces } from '../export/prometheus.ts';
import type { Frame } from './hub.ts';
import { createScrape } from './scrape.ts';
import { createHandHub } from './stream/listening.testing.ts';

const PLAIN = { format: 'prometheus', zipped: false } as const;
const LOAD = { load: { load1: 1, load5: 2, load15: 3, runnable: 1, threads: 2 } };
const turn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

function open(): ReturnType<typeof createHandHub> & { scrape: ReturnType<typeof createScrape>; made: () => number } {
  const hand = createHandHub(60);
  let made = 0;
  const more = (): [] => {
    made++;
    return [];
  };
  return { ...hand, scrape: createScrape({ hub: hand.hub, platform: 'linux', more }), made: () => made };
}

test('the text is made once a frame, whoever asks and how', async () => {
  const { scrape, tick, made } = open();
  const frame = tick(1, LOAD);
  const bodies = await Promise.all([scrape.body(frame, PLAIN), scrape.body(frame, PLAIN), scrape.body(frame, { ...PLAIN, zipped: true })]);
  expect(bodies[0]).toBe(bodies[1]);
  expect(gunzipSync(bodies[2]!)).toEqual(bodies[0]);
  expect(bodies[0]!.toString()).toBe([...prometheusPieces(frame.snapshot, 'linux')].join(''));
  expect(made()).toBe(1);
  const other = await scrape.body(frame, { format: 'openmetrics', zipped: false });
  expect(other.toString()).toBe([...openMetricsPieces(frame.snapshot, 'linux')].join(''));
  expect(made()).toBe(2);
});

test('for who asks regularly it is made before they ask; for who asked once it is not', async () => {
  const { scrape, tick, made } = open();
  await scrape.body(tick(1, LOAD), PLAIN);
  tick(2, LOAD);
  await turn();
  expect(made()).toBe(1);
  await scrape.body(tick(3, LOAD), PLAIN);
  expect(made()).toBe(2);
  const frame = tick(4, LOAD);
  await turn();
  expect(made()).toBe(3);
  await scrape.body(frame, PLAIN);
  expect(made()).toBe(3);
});

test('what fails is told to who asks, and tried anew for the next one', async () => {
  const { hub, tick } = createHandHub();
  let fails = true;
  const more = (): [] => {
    if (fails) throw new Error('not now');
    return [];
  };
  const scrape = createScrape({ hub, platform: 'linux', more });
  const frame = tick(1, LOAD);
  await expect((async () => scrape.body(frame, PLAIN))()).rejects.toThrow('not now');
  fails = false;
  expect((await scrape.body(frame, PLAIN)).toString()).toContain('node_load1 1\n');
});

test('who asks right after a tick is not kept waiting: the text of the tick before, until that of this one is made', async () => {
  const { scrape, tick } = open();
  const first = (await scrape.body(tick(1, LOAD), PLAIN)).toString();
  const frame = tick(2, { load: { ...LOAD.load, load1: 7 } });
  expect((await scrape.body(frame, PLAIN)).toString()).toBe(first);
  for (let at = 0; at < 5; at++) await turn();
  expect((await scrape.body(frame, PLAIN)).toString()).toContain('node_load1 7');
});

test('after the clock was set back it is the tick before that counts, not what says it is later', async () => {
  const { scrape, tick } = open();
  const at = (load1: number): { load: typeof LOAD.load } => ({ load: { ...LOAD.load, load1 } });
  await scrape.body(tick(5000, at(1)), PLAIN);
  await scrape.body(tick(5001, at(2)), PLAIN);
  for (let turns = 0; turns < 5; turns++) await turn();
  for (const [time, load] of [
    [1400, 3],
    [1401, 4],
    [1402, 5],
  ] as const) {
    const frame = tick(time, at(load));
    expect((await scrape.body(frame, PLAIN)).toString()).toMatch(new RegExp(`^node_load1 (?:${load}|${load - 1})$`, 'm'));
    for (let turns = 0; turns < 5; turns++) await turn();
  }
});

test('this machine, read again and again: what is remembered never shows', async () => {
  const host = openHost();
  const sampler = openSampler(host);
  const { scrape, hub } = open();
  try {
    for (let round = 0; round < 4; round++) {
      const snapshot = await sampler.take(2);
      const frame: Frame = { snapshot, rates: {} as never, row: [] };
      for (const [format, pieces] of [
        ['prometheus', prometheusPieces],
        ['openmetrics', openMetricsPieces],
      ] as const)
        expect((await scrape.body(frame, { format, zipped: false })).toString()).toBe([...pieces(snapshot, host.platform)].join(''));
    }
    expect(hub.samples).toBe(0);
  } finally {
    sampler.close();
  }
});
