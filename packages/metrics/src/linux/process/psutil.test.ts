import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { openHost } from '@hecate/host';
import type { ProcessDetail } from '../../domain/process-detail.ts';
import { psutilMissing } from '../debian-python.testing.ts';
import { populationMissing, startPopulation } from '../bpf/hostile-population.testing.ts';
import { readProcessDetail } from '../process-detail.ts';
import { parsePids } from './pid-list.ts';

const missing = process.platform === 'linux' ? psutilMissing() : 'this is not Linux';
if (missing) console.warn(`SKIPPED: every getter against psutil: ${missing}`);

/** Every getter of psutil for every process; null where it is refused or makes no sense. */
const PROGRAM = `
import json, psutil
def ask(f):
    try: return f()
    except (psutil.AccessDenied, psutil.NoSuchProcess, FileNotFoundError, NotImplementedError): return None
result = {}
everybody = psutil.pids()
parents = psutil._psplatform.ppid_map()
# On a machine with thousands, the oldest and the youngest.
for pid in everybody if len(everybody) < 400 else everybody[:100] + everybody[-300:]:
    try:
        p = psutil.Process(pid)
        with p.oneshot():
            full = ask(p.memory_full_info)
            result[p.pid] = {
                'status': ask(p.status), 'ppid': ask(p.ppid), 'exe': ask(p.exe), 'cwd': ask(p.cwd), 'cmdline': ask(p.cmdline), 'environ': ask(lambda: len(p.environ())),
                'uids': ask(lambda: list(p.uids())), 'gids': ask(lambda: list(p.gids())), 'terminal': ask(p.terminal), 'nice': ask(p.nice),
                'affinity': ask(p.cpu_affinity), 'created': ask(p.create_time),
                'times': ask(lambda: list(p.cpu_times())), 'switches': ask(lambda: list(p.num_ctx_switches())),
                'memory': ask(lambda: list(p.memory_info())), 'full': full and [full.pss, full.uss, full.swap],
                'io': ask(lambda: list(p.io_counters())), 'fds': ask(p.num_fds), 'threads': ask(lambda: [list(t) for t in p.threads()]),
                'files': ask(lambda: [[f.fd, f.path, f.position, f.flags] for f in p.open_files()]),
                'children': sorted(child for child, parent in parents.items() if parent == pid), 'limit': ask(lambda: list(p.rlimit(psutil.RLIMIT_NOFILE))),
            }
    except psutil.NoSuchProcess: pass
print(json.dumps(result))
`;

/** Null: refused, or there is no such thing. */
interface Asked {
  readonly status: string;
  readonly ppid: number;
  readonly exe: string | null;
  readonly cwd: string | null;
  readonly cmdline: readonly string[] | null;
  readonly environ: number | null;
  readonly uids: readonly number[] | null;
  readonly gids: readonly number[] | null;
  readonly terminal: string | null;
  readonly nice: number;
  readonly affinity: readonly number[] | null;
  readonly created: number;
  readonly times: readonly number[] | null;
  readonly switches: readonly number[] | null;
  readonly memory: readonly number[] | null;
  readonly full: readonly number[] | null;
  readonly io: readonly number[] | null;
  readonly fds: number | null;
  readonly threads: readonly (readonly number[])[] | null;
  readonly files: readonly (readonly [number, string, number, number])[] | null;
  readonly children: readonly number[];
  readonly limit: readonly number[] | null;
}

function ask(): Readonly<Record<string, Asked>> {
  const { status, stdout, stderr } = spawnSync('/usr/bin/python3', ['-c', PROGRAM], { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Readonly<Record<string, Asked>>;
}

/** Values of ours beside those of psutil before and after: counters lie between, the rest is as it was if it stayed so. */
function* comparisons(detail: ProcessDetail, asked: Asked): Generator<readonly [string, unknown, unknown]> {
  const { users, groups, usage, childUsage, memory, io } = detail;
  const unlimited = (value: number | null | undefined): number => value ?? -1;
  const files = detail.descriptors?.find(({ number }) => number === asked.files?.[0]?.[0]);
  const limit = detail.limits?.find(({ name }) => name === 'Max open files');
  yield ['ppid', detail.ppid, asked.ppid];
  // psutil guesses it from the command line where the link may not be read.
  if (asked.exe && detail.program !== null) yield ['exe', detail.program, asked.exe];
  if (asked.cwd) yield ['cwd', detail.workingDirectory, asked.cwd];
  // psutil takes a title that a program gave itself apart at spaces.
  if (asked.cmdline) yield ['cmdline', detail.arguments?.join(' ').trim() ?? null, asked.cmdline.join(' ').trim()];
  if (asked.environ !== null) yield ['environ', Object.keys(detail.environment ?? {}).length, asked.environ];
  if (asked.uids) yield ['uids', [users?.real, users?.effective, users?.saved], asked.uids];
  if (asked.gids) yield ['gids', [groups?.real, groups?.effective, groups?.saved], asked.gids];
  yield ['terminal', detail.terminal, asked.terminal];
  yield ['nice', detail.nice, asked.nice];
  if (asked.affinity) yield ['affinity', detail.affinity, asked.affinity];
  // It may run elsewhere a moment later, and be back.
  if (asked.affinity) yield ['processor', asked.affinity.includes(detail.processor!), true];
  if (asked.times)
    yield ['cpu', [usage.cpuUser, usage.cpuSystem, childUsage.cpuUser, childUsage.cpuSystem, detail.blockDelay], asked.times];
  if (asked.switches) yield ['switches', [detail.voluntarySwitches, detail.involuntarySwitches], asked.switches];
  if (asked.memory)
    yield ['memory', [memory.rss, memory.virtual, memory.shared, memory.text, memory.data], [0, 1, 2, 3, 5].map((at) => asked.memory![at])];
  if (asked.full && detail.pages) yield ['pages', [detail.pages.unique, memory.swap], [asked.full[1], asked.full[2]]];
  if (asked.io) yield ['io', [io?.readCalls, io?.writeCalls, io?.readBytes, io?.writeBytes, io?.readChars, io?.writeChars], asked.io];
  if (asked.fds !== null) yield ['fds', detail.descriptors?.length, asked.fds];
  if (asked.threads)
    yield [
      'threads',
      detail.threads?.map(({ tid }) => tid).toSorted((a, b) => a - b),
      asked.threads.map(([tid]) => tid!).toSorted((a, b) => a - b),
    ];
  if (files && asked.files) yield ['file', [files.target, files.position, files.flags], [...asked.files[0]!.slice(1)]];
  yield ['children', detail.children, asked.children];
  if (asked.limit) yield ['limit', [unlimited(limit?.soft), unlimited(limit?.hard)], asked.limit];
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What goes up and down by some pages without anybody doing anything, in bytes. */
const SWAY: Readonly<Record<string, number>> = { memory: 2 ** 20, pages: 2 ** 20 };

/** Whether two lists of numbers are as near to each other as that. */
function isNear(a: unknown, b: unknown, most: number): boolean {
  const [ours, theirs] = [a as readonly (number | null)[], b as readonly (number | null)[]];
  return ours.length === theirs.length && ours.every((value, at) => Math.abs((value ?? 0) - (theirs[at] ?? 0)) <= most);
}

/** Whether ours lies between two readings that differ. Memory and the like may go both ways: then nothing can be said. */
const isBetween = (ours: unknown, before: unknown, after: unknown): boolean => {
  if (same(ours, before) || same(ours, after)) return true;
  return !same(before, after);
};

/** All processes compared. Its own processes and those that another test is about to end change in between: nothing is said of them. */
function compareAll(): { compared: number; wrong: string[]; pids: Set<number> } {
  const host = openHost();
  const before = ask();
  const listed = Object.keys(before).map(Number);
  const details = new Map(listed.map((pid) => [pid, readProcessDetail(host, pid, undefined, { pages: true })]));
  const after = ask();
  const wrong: string[] = [];
  const pids = new Set<number>();
  let compared = 0;
  for (const [pid, detail] of details) {
    const [first, last] = [before[pid], after[pid]];
    // Our own descriptors and children are others while psutil runs.
    if (pid === process.pid || !detail || !first || !last || first.created !== last.created) continue;
    pids.add(pid);
    const later = new Map([...comparisons(detail, last)].map(([name, , theirs]) => [name, theirs]));
    for (const [name, ours, theirs] of comparisons(detail, first)) {
      if (!later.has(name)) continue;
      compared++;
      const sway = SWAY[name];
      if (sway !== undefined ? !isNear(ours, theirs, sway) && same(theirs, later.get(name)) : !isBetween(ours, theirs, later.get(name)))
        wrong.push(`${pid} (${detail.name}) ${name}: ${JSON.stringify(ours)} is not ${JSON.stringify(theirs)}`);
    }
  }
  return { compared, wrong, pids };
}

/** So often it is looked, as long as something differs. */
const LOOKS = 6;

/** Whoever changes without pause is between two readings all the same, so what differs once must differ each time to be wrong. */
function compareOften(): ReturnType<typeof compareAll> {
  const fieldOf = (line: string): string => line.split(':', 1)[0]!;
  let seen = compareAll();
  for (let look = 1; look < LOOKS && seen.wrong.length > 0; look++) {
    const fields = new Set(seen.wrong.map(fieldOf));
    const next = compareAll();
    seen = { ...next, wrong: next.wrong.filter((line) => fields.has(fieldOf(line))) };
  }
  return seen;
}

test.skipIf(missing)('every getter of every live process agrees with psutil', () => {
  const { compared, wrong, pids } = compareOften();
  expect(wrong).toEqual([]);
  expect(pids.size).toBeGreaterThan(1);
  expect(compared).toBeGreaterThan(pids.size * 10);
});

const needs = missing ?? (process.getuid?.() === 0 ? populationMissing() : 'it needs root');
if (needs && !missing) console.warn(`SKIPPED: hostile processes against psutil: ${needs}`);

test.skipIf(needs)('so it is with zombies, stopped ones, other users, broken names and dying threads', async () => {
  const population = await startPopulation();
  try {
    const { wrong, pids } = compareOften();
    // These make threads, children and files without pause: what is seen of them is between no two readings.
    const fleeting = ['churn', 'writer', 'reaper'].map((life) => `${population.pids.get(life)} `);
    expect(wrong.filter((line) => !fleeting.some((start) => line.startsWith(start)) || !/ (children|threads|fds):/.test(line))).toEqual([]);
    for (const [life, pid] of population.pids) expect(pids, life).toContain(pid);
  } finally {
    await population.stop();
  }
});

test.runIf(process.platform === 'linux')('each null of each live process has a gap that says why', () => {
  const host = openHost();
  /** Null in their own words: no terminal, no unit, not asked for. */
  const own = new Set(['terminal', 'programDeleted', 'unit', 'slice', 'container', 'pages', 'user']);
  let seen = 0;
  for (const pid of parsePids(host.list('/proc'))) {
    const detail = readProcessDetail(host, pid);
    if (!detail) continue;
    seen++;
    const explained = new Set(detail.gaps.map(({ field }) => field.split('.')[0]));
    for (const [key, value] of Object.entries(detail)) {
      if (value === null && !own.has(key))
        expect(explained, `${pid} ${detail.name} ${key}`).toContain(key === 'runDelay' ? 'runTime' : key);
    }
    for (const [key, value] of Object.entries(detail.memory)) {
      if (value === null) expect(explained, `${pid} ${key}`).toContain('memory');
    }
    expect(JSON.stringify(detail)).not.toContain('NaN');
  }
  expect(seen).toBeGreaterThan(1);
});

test.runIf(process.platform === 'linux')('only the process that started then is told of, and none that is not there', () => {
  const host = openHost();
  const detail = readProcessDetail(host, process.pid)!;
  expect(detail.arguments?.[0]).toBeTruthy();
  expect(readProcessDetail(host, process.pid, detail.startTicks)?.pid).toBe(process.pid);
  expect(readProcessDetail(host, process.pid, detail.startTicks + 1)).toBeNull();
  expect(readProcessDetail(host, 4_194_305)).toBeNull();
  expect(() => readProcessDetail(host, 0)).toThrow('no process id');
  expect(readProcessDetail(host, process.pid, undefined, { pages: true, mostPages: 1 })).toMatchObject({
    pages: null,
    gaps: expect.arrayContaining([expect.objectContaining({ field: 'pages', reason: 'unsupported' })]),
  });
  const few = readProcessDetail(host, process.pid, undefined, { mostMembers: 2 })!;
  expect([few.descriptors!.length, few.threads!.length]).toEqual([2, 2]);
  expect(few.gaps.map(({ field }) => field)).toEqual(expect.arrayContaining(['descriptors.rest', 'threads.rest']));
});
