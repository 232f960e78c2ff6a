import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { deriveRates } from '@hecate/metrics';
import type { Snapshot } from '@hecate/metrics';
import { expect, test } from 'vitest';
import { COLUMNS } from '../record/columns.ts';
import { temporary } from '../record/recorder.testing.ts';
import { parseRecordSettings } from '../record/record-settings.ts';
import { createHistory } from './history.ts';
import type { Frame, Hub } from './hub.ts';
import { keepRecording } from './recording.ts';
import type { Recording } from './recording.ts';

const NOW = Math.floor(Date.now() / 1000);

/** A hub whose ticks are made by hand: `load1` is what is said, and one core. */
function createTicks(): { hub: Hub; tick: (time: number, load: number) => void } {
  const history = createHistory(3600);
  const listeners = new Set<(frame: Frame) => void>();
  const hub: Hub = {
    latest: null,
    history,
    samples: 0,
    interval: 1,
    look: () => undefined,
    isWatched: () => false,
    run: () => Promise.resolve(),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return {
    hub,
    tick(time, load) {
      const row = COLUMNS.map(({ name }) => (name === 'load1' ? load : null));
      history.append(time, [
        { id: 'load1', value: load },
        { id: 'core.0.usage_percent', value: load },
      ]);
      const snapshot = { time, monotonic: time } as Snapshot;
      const rates = { ...deriveRates(null, snapshot, 3, null), elapsed: 1 };
      for (const listener of listeners) listener({ snapshot, rates, row });
    },
  };
}

async function ask(
  recording: Recording,
  from: number,
  to: number,
  step: number,
): Promise<{ time: number[]; series: Record<string, (number | null)[]> } | null> {
  const pieces = await recording.history({ from, to, step });
  return pieces && (JSON.parse([...pieces].join('')) as { time: number[]; series: Record<string, (number | null)[]> });
}

test('a daemon that comes back goes on where it ended: memory, samples and tiers', async () => {
  const directory = temporary();
  const said: string[] = [];
  const start = NOW - (NOW % 600) - 1200;
  const first = createTicks();
  const before = keepRecording(first.hub, directory, (text) => said.push(text));
  for (let second = 0; second < 90; second++) first.tick(start + second, second);
  before.close();
  const second = createTicks();
  const after = keepRecording(second.hub, directory, (text) => said.push(text));
  await after.refilled;
  expect(second.hub.history.length).toBe(90);
  second.tick(start + 200, 7);
  const fine = await ask(after, start - 100, start + 300, 1);
  expect(fine?.series['load1']).toEqual([...Array.from({ length: 90 }, (_, index) => index), 7]);
  expect(fine?.series['core.0.usage_percent']?.slice(0, 11)).toEqual([...Array.from({ length: 10 }, () => 4.5), 14.5]);
  const coarse = await ask(after, start - 86_400, start + 300, 60);
  expect(coarse).toMatchObject({ time: [start, start + 60, start + 180], series: { load1: [29.5, 74.5, 7] } });
  after.close();
  expect(said).toEqual([]);
  // Right after midnight the day before is one that is over: its packed form lies beside it.
  expect(readdirSync(directory).filter((name) => name !== 'tiers' && !/\.(csv|hcol)$/.test(name))).toEqual([]);
});

test('a second daemon on the directory says that it does not record, reads what is there, and writes nothing', async () => {
  const directory = temporary();
  const said: string[] = [];
  const start = NOW - (NOW % 600) - 1200;
  const first = createTicks();
  const one = keepRecording(first.hub, directory, () => undefined);
  for (let second = 0; second < 120; second++) first.tick(start + second, 1);
  await one.history({ from: start, to: start, step: 60 });
  const other = createTicks();
  const two = keepRecording(other.hub, directory, (text) => said.push(text));
  await two.refilled;
  expect(two.active).toBe(false);
  expect(said).toEqual([expect.stringMatching(/^Not recording\. Another recorder \(pid \d+\) writes to /)]);
  other.tick(start + 1100, 50);
  const answer = await ask(two, start, start + 1100, 60);
  expect(answer?.series['load1']?.[0]).toBe(1);
  two.close();
  one.close();
  const third = keepRecording(createTicks().hub, directory, () => undefined);
  expect((await ask(third, start, start + 1200, 60))?.series['load1']).toEqual([1, 1]);
  third.close();
});

test('day files over the limits go one at a time, and it is told', () => {
  const directory = temporary();
  for (const day of ['2020-01-01', '2020-01-02', '2020-01-03']) writeFileSync(path.join(directory, `${day}.csv`), 'timestamp,load1\n');
  const said: string[] = [];
  const { hub, tick } = createTicks();
  const recording = keepRecording(hub, directory, (text) => said.push(text), parseRecordSettings({ keep_days: 2 }, '[record]'));
  tick(NOW, 1);
  expect(said).toEqual([expect.stringMatching(/^The day file of 2020-01-01 was removed: \[record\] keeps 2 days/)]);
  for (let second = 1; second <= 120; second++) tick(NOW + second, 1);
  recording.close();
  expect(readdirSync(directory).filter((name) => name.startsWith('2020'))).toEqual(['2020-01-03.csv']);
});

test('without tiers nothing of them is made; trouble with them is told once, and its end', async () => {
  const directory = temporary();
  const none = createTicks();
  const plain = keepRecording(none.hub, directory, () => undefined, parseRecordSettings({ tiers: false }, '[record]'));
  for (let second = 0; second < 70; second++) none.tick(NOW + second, 1);
  plain.close();
  expect(readdirSync(directory)).not.toContain('tiers');
  writeFileSync(path.join(directory, 'tiers'), 'a file in its place');
  const said: string[] = [];
  const { hub, tick } = createTicks();
  const recording = keepRecording(hub, directory, (text) => said.push(text));
  const minute = async (from: number): Promise<void> => {
    for (let second = 0; second < 61; second++) tick(from + second, 1);
    await recording.history({ from, to: from, step: 60 }).catch(() => undefined);
  };
  await minute(NOW + 100);
  await minute(NOW + 200);
  tick(NOW + 290, 1);
  expect(said).toEqual([expect.stringContaining('The history in tiers is not written, and tried again.')]);
  expect(recording.active).toBe(true);
  rmSync(path.join(directory, 'tiers'));
  mkdirSync(path.join(directory, 'tiers'));
  await minute(NOW + 300);
  tick(NOW + 390, 1);
  expect(said).toEqual([expect.anything(), 'The history in tiers is written again.']);
  recording.close();
});
