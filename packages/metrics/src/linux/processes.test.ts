import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openHost } from '@hecate/host';
import { finish } from '../model/collector.ts';
import { collectGaps } from '../model/gap.ts';
import type { Gap } from '../model/gap.ts';
import { processRates } from '../domain/process-rates.ts';
import type { ProcessReading, ProcessTable } from '../domain/process.ts';
import { processes } from './processes.ts';
import { createTree } from './rooted-tree.testing.ts';

const live = process.platform === 'linux';
const directory = mkdtempSync(path.join(tmpdir(), 'hecate-processes-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const readTable = (reader: ReturnType<typeof processes.open>, gaps: Gap[] = []): ProcessTable =>
  finish(reader.read(collectGaps(gaps)) as never) as ProcessTable;
const rows = (table: ProcessTable): ProcessReading[] => Array.from({ length: table.length }, (_, index) => table.row(index));

const statLine = (pid: number, name: string, start: number, user = 100): string =>
  `${pid} (${name}) R 1 1 1 0 -1 4194304 1 0 0 0 ${user} 50 0 0 20 0 2 0 ${start} 8192000 100 0 0\n`;

test('a recorded tree gives users, start times, commands and I/O', () => {
  const tree = createTree({
    'proc/stat': 'cpu 1 1 1 1\nbtime 1000\n',
    'proc/7/stat': statLine(7, 'abc def', 250),
    'proc/7/cmdline': 'abc\0def\0',
    'proc/7/status': 'Name:\tabc def\nUid:\t4\t5\t5\t5\nGid:\t6\t7\t7\t7\nvoluntary_ctxt_switches:\t8\nnonvoluntary_ctxt_switches:\t9\n',
    'proc/7/cgroup': '0::/system.slice/ssh.service\n',
    'proc/7/io': 'read_bytes: 10\nwrite_bytes: 20\n',
    'etc/passwd': 'root:x:0:0\nfive:x:5:5\n',
    'proc/sys/kernel/pid_max': '32768\n',
  });
  try {
    const reader = processes.open(tree.host);
    expect(rows(readTable(reader))).toEqual([
      {
        pid: 7,
        ppid: 1,
        name: 'abc def',
        command: 'abc def',
        uid: 5,
        user: 'five',
        gid: 7,
        cgroup: '/system.slice/ssh.service',
        unit: 'ssh.service',
        slice: 'system.slice',
        container: null,
        priority: 20,
        minorFaults: 1,
        majorFaults: 0,
        voluntarySwitches: 8,
        involuntarySwitches: 9,
        kernel: false,
        startedAfterBoot: 2.5,
        startTime: 1002.5,
        state: 'R',
        cpuUser: 1,
        cpuSystem: 0.5,
        rss: 409_600,
        virtual: 8_192_000,
        threads: 2,
        nice: 0,
        readBytes: 10,
        writeBytes: 20,
      },
    ]);
    reader.close();
  } finally {
    tree.remove();
  }
});

test('a pid that came to belong to another process is another process', () => {
  const tree = createTree({ 'proc/stat': 'cpu 1 1 1 1\nbtime 1000\n', 'proc/7/stat': statLine(7, 'old', 250, 900) });
  try {
    const reader = processes.open(tree.host);
    const before = readTable(reader);
    tree.write('proc/7/stat', statLine(7, 'new', 99_999, 5));
    const after = readTable(reader);
    expect(after.row(0)).toMatchObject({ name: 'new', startedAfterBoot: 999.99, cpuUser: 0.05 });
    expect(processRates(before, after, 1)(0).cpu).toBeNull();
    reader.close();
  } finally {
    tree.remove();
  }
});

test('a malformed stat file is a gap of its process and leaves the others', () => {
  const tree = createTree({
    'proc/stat': 'btime 1\n',
    'proc/7/stat': 'garbage',
    'proc/8/stat': statLine(8, 'fine', 1),
    'proc/9/cmdline': 'no stat: vanished',
  });
  try {
    const gaps: Gap[] = [];
    const reader = processes.open(tree.host);
    expect(rows(readTable(reader, gaps)).map(({ pid }) => pid)).toEqual([8]);
    expect(gaps.map(({ field, reason }) => [field, reason])).toContainEqual(['processes.7', 'error']);
    reader.close();
  } finally {
    tree.remove();
  }
});

test.runIf(live)('real processes with hostile names, their end, and the same numbers as ps', async () => {
  const names = ['a b', 'x) R 1 (y', 'nl\nname', 'ünïcode-名前'];
  const children = names.map((name) => {
    const program = path.join(directory, name);
    copyFileSync('/bin/sleep', program);
    return spawn(program, ['1000'], { stdio: 'ignore' });
  });
  const reader = processes.open(openHost());
  try {
    readTable(reader);
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
    const table = rows(readTable(reader));
    for (const [index, child] of children.entries()) {
      const found = table.find(({ pid }) => pid === child.pid);
      expect(found).toMatchObject({ ppid: process.pid, command: `${path.join(directory, names[index]!)} 1000`, uid: process.getuid!() });
      expect(found!.name).toBe(Buffer.from(names[index]!).subarray(0, 15).toString());
    }
    const ps = spawnSync('ps', ['-o', 'pid=,ppid=,nice=,nlwp=,rss=,etimes=', '-p', children.map(({ pid }) => pid).join(',')], {
      encoding: 'utf8',
    });
    if (ps.error) console.warn('ps is missing: no comparison (apt-get install procps)');
    else {
      for (const line of ps.stdout.trim().split('\n')) {
        const [pid, ppid, nice, threads, rss, age] = line.trim().split(/\s+/).map(Number);
        const found = table.find((row) => row.pid === pid)!;
        expect(found).toMatchObject({ ppid, nice, threads });
        expect(Math.abs(found.rss! - rss! * 1024)).toBeLessThanOrEqual(256 * 1024);
        expect(Math.abs(Date.now() / 1000 - found.startTime - age!)).toBeLessThan(3);
      }
    }
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(children.map((child) => once(child, 'exit')));
    const pids = rows(readTable(reader)).map(({ pid }) => pid);
    for (const child of children) expect(pids).not.toContain(child.pid);
  } finally {
    for (const child of children) child.kill('SIGKILL');
    reader.close();
  }
});

test.runIf(live)('every row of every live process is a value or null, never NaN', () => {
  const reader = processes.open(openHost());
  const table = readTable(reader);
  expect(table.length).toBeGreaterThan(1);
  for (const row of rows(table)) {
    for (const [key, value] of Object.entries(row))
      expect(value === null || (typeof value === 'number' ? Number.isFinite(value) : value !== undefined), `${row.pid} ${key}`).toBe(true);
  }
  reader.close();
});

test.runIf(live)('a busy process shows as one busy core', async () => {
  const busy = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
  const reader = processes.open(openHost());
  try {
    // Before the first look: the time in which the table is read counts as passed, and a share of more than one core shows a defect.
    const start = performance.now();
    const before = readTable(reader);
    await new Promise((resolve) => {
      setTimeout(resolve, 700);
    });
    const after = readTable(reader);
    const index = after.identities.findIndex(({ pid }) => pid === busy.pid);
    const { cpu } = processRates(before, after, (performance.now() - start) / 1000)(index);
    expect(cpu).toBeGreaterThan(0.02);
    expect(cpu).toBeLessThan(1.5);
  } finally {
    busy.kill('SIGKILL');
    reader.close();
  }
});
