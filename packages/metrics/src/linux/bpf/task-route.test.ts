import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openHost } from '@hecate/host';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleProgram } from '../../bundle.testing.ts';
import { finish } from '../../model/collector.ts';
import { collectGaps } from '../../model/gap.ts';
import { createColumns } from '../process/columns.ts';
import { openProcRoute } from '../process/proc-route.ts';
import type { ProcessColumns } from '../process/route.ts';
import { settledName } from '../process/settled-name.testing.ts';
import { createTree } from '../rooted-tree.testing.ts';
import { openBpfRoute } from './task-route.ts';

function whyNot(): string | null {
  if (process.platform !== 'linux') return 'this is not Linux';
  if (process.getuid?.() !== 0) return 'loading BPF programs needs root';
  return existsSync('/sys/kernel/btf/vmlinux') ? null : 'this kernel has no BTF';
}

const missing = whyNot();
if (missing) console.warn(`SKIPPED: the BPF route: ${missing}`);

let directory = '';
const program = (): string => path.join(directory, 'program.mjs');
const root = fileURLToPath(new URL('../../../../../', import.meta.url));

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'hecate-bpf-'));
  await bundleProgram(new URL('task-route-child.testing.ts', import.meta.url), program());
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function play(scenario: string, ...before: readonly string[]): Record<string, unknown> {
  const [file, ...given] = [...before, process.execPath, program(), scenario];
  const { status, stdout, stderr } = spawnSync(file!, given, {
    encoding: 'utf8',
    timeout: 50_000,
    killSignal: 'SIGKILL',
    env: { ...process.env, NODE_PATH: path.join(root, 'node_modules') },
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return JSON.parse(stdout) as Record<string, unknown>;
}

test.skipIf(missing)('the route shows us as /proc does, and everything else that lives', () => {
  const route = finish(openBpfRoute(openHost()));
  try {
    const columns = createColumns();
    for (let pass = 0; pass < 3; pass++) finish(route.pass(columns, collectGaps([])));
    const pids = [...columns.pid.subarray(0, columns.length)];
    expect(new Set(pids).size).toBe(pids.length);
    // Process 1 is not shown by the iterator on every machine; the route has it on all.
    expect(pids).toContain(1);
    const row = pids.indexOf(process.pid);
    const stat = readFileSync('/proc/self/stat', 'latin1').split(' ');
    expect([columns.ppid[row], columns.startTicks[row], columns.names[row]]).toEqual([
      process.ppid,
      Number(stat[21]),
      stat[1]!.slice(1, -1),
    ]);
    for (let other = 0; other < columns.length; other++)
      expect(columns.names[other]!.length, String(pids[other])).toBeGreaterThanOrEqual(0);
  } finally {
    route.close();
  }
});

/** Columns that the two routes give alike. The route over /proc has no exact CPU time, no id of control groups, and switches of one thread. */
const ALIKE = [
  'ppid',
  'startTicks',
  'state',
  'flags',
  'threads',
  'nice',
  'priority',
  'cpuUser',
  'cpuSystem',
  'minorFaults',
  'majorFaults',
  'rss',
  'virtual',
  'readBytes',
  'writeBytes',
  'uid',
  'gid',
] as const;
/** /proc has ticks of a hundredth of a second, and gave them to others at other times. */
const TICKS = new Set<string>(['cpuUser', 'cpuSystem']);

/** `column pid: value of /proc, of the pass before, of the pass after` where /proc lies neither at one nor between them. */
function unlike(before: ProcessColumns, truth: ProcessColumns, after: ProcessColumns): Set<string> {
  const rowsOf = (columns: ProcessColumns): Map<number, number> =>
    new Map(Array.from({ length: columns.length }, (_, row) => [columns.pid[row]!, row]));
  const [rowsBefore, rowsAfter] = [rowsOf(before), rowsOf(after)];
  const found = new Set<string>();
  for (let row = 0; row < truth.length; row++) {
    const pid = truth.pid[row]!;
    const [first, second] = [rowsBefore.get(pid), rowsAfter.get(pid)];
    if (first === undefined || second === undefined) continue;
    for (const name of ALIKE) {
      const [a, value, b] = [before[name][first]!, truth[name][row]!, after[name][second]!];
      // Files that not even root may read.
      if (Number.isNaN(value)) continue;
      const slack = TICKS.has(name) ? 0.021 : 0;
      if (value < Math.min(a, b) - slack || value > Math.max(a, b) + slack) found.add(`${name} ${pid}`);
    }
    // The route looks rarely at names of workers of the kernel.
    const names = [truth.names[row], before.names[first], after.names[second]].map(settledName);
    if (names[0] !== names[1] && names[0] !== names[2]) found.add(`name ${pid}`);
  }
  return found;
}

test.skipIf(missing)('every column of every process is the same by both routes', () => {
  const bpf = finish(openBpfRoute(openHost()));
  const proc = openProcRoute(openHost(), { io: 0, status: 0 });
  try {
    const [before, truth, after] = [createColumns(), createColumns(), createColumns()];
    let wrong: string[] | undefined;
    // What changes while it is looked at differs once and not again.
    for (let tries = 0; tries < 12 && wrong?.length !== 0; tries++) {
      finish(bpf.pass(before, collectGaps([])));
      finish(proc.pass(truth, collectGaps([])));
      finish(bpf.pass(after, collectGaps([])));
      const found = unlike(before, truth, after);
      wrong = wrong ? wrong.filter((what) => found.has(what)) : [...found];
    }
    expect(wrong).toEqual([]);
    expect(Math.abs(after.length - truth.length)).toBeLessThan(truth.length / 2);
  } finally {
    bpf.close();
    proc.close();
  }
});

const noNamespace =
  missing ?? (spawnSync('unshare', ['--pid', '--fork', '--mount-proc', 'true']).status === 0 ? null : 'no namespace can be made here');
test.skipIf(noNamespace)('inside pid namespaces processes have the numbers of the namespace', () => {
  const unshare = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const outside = play('namespace');
  const inside = play('namespace', ...unshare);
  expect(inside).toMatchObject({ pid: 1, level: (outside['level'] as number) + 1, differences: [], hidden: [], compared: 1 });
  const deeper = play('namespace', ...unshare, ...unshare);
  expect(deeper).toMatchObject({ pid: 1, level: (outside['level'] as number) + 2, differences: [], hidden: [] });
});

test.skipIf(noNamespace)('where /proc belongs to another pid namespace there is no such route', () => {
  const { status, stderr } = spawnSync('unshare', ['--pid', '--fork', '--kill-child', process.execPath, program(), 'namespace'], {
    encoding: 'utf8',
    env: { ...process.env, NODE_PATH: path.join(root, 'node_modules') },
  });
  expect(status).toBe(1);
  expect(stderr).toContain('another pid namespace');
});

test.skipIf(missing)('opened as root, it goes on as nobody, who could not open it', () => {
  const { before, after, again } = play('dropped');
  expect(before).toMatchObject({ many: true, uid: 0, io: true });
  expect(after).toEqual(before);
  expect(again).toBe('This user may not load BPF programs.');
});

test.skipIf(missing)('nothing stays open', () => {
  const { before, after } = play('descriptors');
  expect(after).toEqual(before);
});

test('a recorded machine has no such route', () => {
  const tree = createTree({ 'proc/stat': '' });
  try {
    expect(() => finish(openBpfRoute(tree.host))).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }));
  } finally {
    tree.remove();
  }
});
