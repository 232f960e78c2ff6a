import { expect, test } from 'vitest';
import { COLLECTOR_NAMES, knownFigure, NO_PROCESS_RATES } from '@hecate/metrics';
import type { ProcessTable, Rates, Snapshot } from '@hecate/metrics';
import { createInk } from '@hecate/observe';
import { powerText } from '../top/process/cell-text.ts';
import { sceneProcesses } from '../top/source/scene-processes.ts';
import { sensorLines } from './hardware-panels.ts';
import { snapshotTable } from './snapshot-table.ts';

const NONE = Number.NaN;
const identityOf = (pid: number): object => ({ pid, ppid: 1, name: `p${pid}`, command: `/bin/p${pid}`, user: 'root', uid: 0 });
const columns = { cpuUser: [1, NONE], cpuSystem: [2, NONE], rss: [4096, NONE], virtual: [8192, NONE], threads: [3, NONE] };
const others = {
  nice: [0, 0],
  priority: [31, NONE],
  readBytes: [1, NONE],
  writeBytes: [1, NONE],
  minorFaults: [1, NONE],
  majorFaults: [0, NONE],
};

/** As on macOS without root: of the second process next to nothing may be read. */
const table = {
  ...{ length: 2, identities: [identityOf(10), identityOf(11)], state: [82, 63], ...columns, ...others, energy: [5, NONE] },
  row: (index: number) => ({
    ...identityOf(10 + index),
    state: index === 0 ? 'R' : '?',
    ...Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, knownFigure(column[index]!)])),
  }),
} as unknown as ProcessTable;
const processes = (row: number): object => ({ ...NO_PROCESS_RATES, power: row === 0 ? 1.5 : null });

test('a snapshot of macOS says nothing of modes that it does not tell apart, and a dash of processes that may not be read', () => {
  const shares = { usage: 0.5, user: 0.25, nice: 0, system: 0.25, idle: 0.5, iowait: null, irq: null, softirq: null, steal: null };
  const nothing = Object.fromEntries(COLLECTOR_NAMES.map((name) => [name, null]));
  const snapshot = { ...nothing, time: 0, monotonic: 0, gaps: [], runs: [], cpu: { cores: [] }, processes: table } as unknown as Snapshot;
  const rates = { gaps: [], cpu: { ...shares, cores: [] }, processes } as unknown as Rates;
  const text = snapshotTable(snapshot, rates, { platform: 'darwin', only: undefined } as never, { width: 100, color: false } as never);
  expect(text).toContain('25 % user, 25 % system');
  expect(text).not.toMatch(/NaN|null|undefined|iowait|steal/);
  expect(text).toContain('Processes: 2, threads: unknown');
  expect(text).toMatch(/10 +root +- +4 KiB +R +3/);
  expect(text).toMatch(/11 +root +- +- +\? +-/);
});

test('watts of processes are a column of the scene, where they are measured', () => {
  const { power, rss } = sceneProcesses(table, processes as never).figures;
  expect([...power].map(powerText)).toEqual(['1.5', '-']);
  expect([...rss]).toEqual([4096, NONE]);
  expect([...sceneProcesses(table, null).figures.power]).toEqual([NONE, NONE]);
  expect([0.04, 99.94, 120.4].map(powerText)).toEqual(['0.0', '99.9', '120']);
});

test('turns of a fan are whole, as precisely as a Mac tells them', () => {
  const fan = (value: number | null): object => ({ sensor: 'fan0', label: null, value, pwm: null });
  const chip = { id: 'smc', name: null, temperatures: [], fans: [fan(3596.942_626_953_125), fan(null), fan(0)] };
  const ink = createInk({ colour: false, unicode: true });
  const lines = sensorLines({ sensors: { chips: [chip] } } as unknown as Snapshot, ink, 76).map(({ text }) => text);
  expect(lines).toHaveLength(3);
  expect(lines[1]).toMatch(/fan0 +3597 rpm/);
  expect(lines[2]).toMatch(/fan0 +0 rpm/);
});
