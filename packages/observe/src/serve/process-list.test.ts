import { expect, test } from 'vitest';
import { countProcesses } from '@hecate/metrics';
import { identityOf, tableOf } from '../process-log/process-tables.testing.ts';
import { orderedRows, PROCESS_ORDERS, processSummary, sortRows } from './process-list.ts';

const UNKNOWN = {
  cpuUser: Number.NaN,
  cpuSystem: Number.NaN,
  rss: Number.NaN,
  virtual: Number.NaN,
  threads: Number.NaN,
  minorFaults: Number.NaN,
  majorFaults: Number.NaN,
  priority: Number.NaN,
};
/** As on macOS without root: what others' processes use is not told. Their ids lie between those of ours. */
const table = tableOf(
  [
    { identity: identityOf(9, 1), figures: UNKNOWN },
    { identity: identityOf(10, 2), figures: { cpuUser: 1, rss: 4096, threads: 1 } },
    { identity: identityOf(11, 3), figures: UNKNOWN },
    { identity: identityOf(12, 4), figures: { cpuUser: 3, rss: 8192, threads: 2 } },
    { identity: identityOf(13, 5), figures: { cpuUser: 2, rss: 0, threads: 3 } },
    { identity: identityOf(14, 6), figures: UNKNOWN },
  ],
  100,
);
const pids = (order: Uint32Array): number[] => Array.from(order, (index) => table.identities[index]!.pid);

test('what is not known comes last, in whatever is sorted by', () => {
  expect(pids(sortRows({ rates: { processes: null } }, table, 'cpu'))).toEqual([12, 13, 10, 9, 11, 14]);
  expect(pids(sortRows({ rates: { processes: null } }, table, 'rss'))).toEqual([12, 10, 13, 9, 11, 14]);
  expect(pids(sortRows({ rates: { processes: null } }, table, 'pid'))).toEqual([9, 10, 11, 12, 13, 14]);
});

test('rows say null where columns hold NaN, whole and in brief', () => {
  const none = { cpuUser: null, cpuSystem: null, rss: null, virtual: null, threads: null };
  for (const order of PROCESS_ORDERS) {
    const rows = orderedRows(table, null, order, 6);
    expect(rows.find(({ pid }) => pid === 11)).toMatchObject({ ...none, minorFaults: null, majorFaults: null });
    for (const row of rows) for (const value of Object.values(row)) expect(value).not.toBeNaN();
  }
  expect(processSummary(table, 0, null)).toMatchObject({ ...none, readBytes: null });
  expect(processSummary(table, 1, null)).toMatchObject({ cpuUser: 1, rss: 4096, threads: 1 });
});

test('threads that are not all known have no sum', () => {
  expect(countProcesses(table)).toEqual({ states: { S: 6 }, threads: null });
  const told = [{ identity: identityOf(1, 1) }, { identity: identityOf(2, 2), figures: { threads: Number.NaN, state: 90 } }];
  expect(countProcesses(tableOf(told, 100))).toEqual({ states: { S: 1, Z: 1 }, threads: 1 });
});
