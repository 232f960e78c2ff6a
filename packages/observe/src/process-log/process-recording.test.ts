import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openHost } from '@hecate/host';
import { openSampler } from '@hecate/metrics';
import type { ProcessReading, ProcessTable, Snapshot } from '@hecate/metrics';
import { temporary } from '../record/recorder.testing.ts';
import { readProcessesAt } from './process-history.ts';
import { keepProcesses } from './process-recording.ts';
import { MOST_TEXT } from './record.ts';
import type { ProcessSettings } from './process-settings.ts';
import { identityOf, tableOf } from './process-tables.testing.ts';
import { processDirectory } from './segment.ts';

const START = Date.UTC(2026, 10, 21, 10) / 1000;
const SETTINGS: ProcessSettings = {
  processes: true,
  processesEvery: 10,
  processCommands: true,
  processesKeepDays: 30,
  processesKeepBytes: 1e9,
};
const keep = (dataDir: string, interval = 1) =>
  keepProcesses({
    dataDir,
    settings: SETTINGS,
    interval,
    log(text) {
      throw new Error(text);
    },
  });
/** A snapshot of which nothing but the processes counts. */
const snapshotOf = (time: number, monotonic: number, processes: ProcessTable | null): Snapshot =>
  ({ time, monotonic, processes }) as unknown as Snapshot;
/** A table of one process is encoded in a few pieces: after so many turns of the event loop it is done, however slow the machine. */
const encoded = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
};
const bytesIn = (dataDir: string): number =>
  readdirSync(processDirectory(dataDir)).reduce((sum, name) => sum + statSync(path.join(processDirectory(dataDir), name)).size, 0);

test.runIf(process.platform === 'linux')('this machine: each process comes back with the figures that it had', async () => {
  const dataDir = temporary();
  const sampler = openSampler(openHost(), { only: ['processes'] });
  const recording = keep(dataDir);
  try {
    const snapshot = await sampler.take();
    const were = JSON.parse(JSON.stringify(snapshot.processes)) as ProcessReading[];
    recording.append(snapshot);
    recording.close();
    const back = (await readProcessesAt(dataDir, snapshot.time))!;
    const are = JSON.parse(JSON.stringify(back.table)) as ProcessReading[];
    expect(Math.abs(back.time - snapshot.time)).toBeLessThan(1);
    expect(are.length).toBe(were.length);
    for (const [row, was] of were.entries()) {
      const { startTime, cpuUser, cpuSystem, voluntarySwitches: _voluntary, involuntarySwitches: _involuntary, ...same } = was;
      // Whatever runs here runs here: a script may be given to a shell whole.
      expect(are[row]).toMatchObject({ ...same, command: same.command?.slice(0, MOST_TEXT) ?? null });
      // The time of boot is kept in milliseconds; CPU time in hundredths.
      expect(are[row]!.startTime).toBeCloseTo(startTime, 3);
      expect(Math.abs(are[row]!.cpuUser! - cpuUser!)).toBeLessThanOrEqual(0.0051);
      expect(Math.abs(are[row]!.cpuSystem! - cpuSystem!)).toBeLessThanOrEqual(0.0051);
    }
  } finally {
    recording.close();
    sampler.close();
  }
});

test('a table every ten seconds, at the time at which it was read, however often there is a snapshot', async () => {
  const dataDir = temporary();
  const recording = keep(dataDir);
  const identity = identityOf(7, 1);
  let table: ProcessTable | null = null;
  for (let at = 0; at <= 60; at++) {
    // As the daemon does while nobody looks: read every five seconds, and shown again in the snapshots between.
    if (at % 5 === 0) table = tableOf([{ identity, figures: { cpuUser: at } }], 1000 + at + 0.002);
    recording.append(snapshotOf(START + at, 1000 + at, table));
    await encoded();
  }
  recording.append(snapshotOf(START + 61, 1061, null));
  recording.close();
  const times = new Set<number>();
  for (let at = 0; at < 66; at++) {
    const back = await readProcessesAt(dataDir, START + at + 0.5);
    times.add(Math.round(back!.time - START));
    expect(back!.table.cpuUser[0]).toBe(Math.round(back!.time - START));
  }
  expect([...times]).toEqual([0, 10, 20, 30, 40, 50, 60]);
});

test('what is not written yet is answered too; a look at old tables writes nothing', async () => {
  const dataDir = temporary();
  const recording = keep(dataDir);
  const table = (at: number): ProcessTable => tableOf([{ identity: identityOf(7, 1), figures: { cpuUser: at } }], 1000 + at);
  recording.append(snapshotOf(START, 1000, table(0)));
  await encoded();
  const first = bytesIn(dataDir);
  recording.append(snapshotOf(START + 10, 1010, table(10)));
  await encoded();
  expect(bytesIn(dataDir)).toBe(first);
  expect(await recording.at(START - 3600)).toBeNull();
  expect(bytesIn(dataDir)).toBe(first);
  expect((await recording.at(START + 11))!.table.cpuUser[0]).toBe(10);
  expect(bytesIn(dataDir)).toBeGreaterThan(first);
  recording.close();
});

test('without a table nothing is made', () => {
  const dataDir = temporary();
  const recording = keep(dataDir);
  recording.append(snapshotOf(START, 1000, null));
  recording.append(snapshotOf(START, 1000, tableOf([], 1000)));
  recording.close();
  expect(existsSync(processDirectory(dataDir))).toBe(false);
});

test('trouble is told once, and once when it is over', async () => {
  const dataDir = path.join(temporary(), 'not', 'there');
  const told: string[] = [];
  const recording = keepProcesses({ dataDir, settings: SETTINGS, interval: 60, log: (text) => told.push(text) });
  for (let at = 0; at < 300; at += 60) {
    recording.append(snapshotOf(START + at, 1000 + at, tableOf([{ identity: identityOf(7, 1) }], 1000 + at)));
    await encoded();
  }
  recording.close();
  expect(told).toHaveLength(1);
  expect(told[0]).toMatch(/^Processes are not kept\. .*not.there.* does not exist/);
});
