import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { linuxCollectors } from '../linux/index.ts';
import type { RootedTree, Tree } from '../linux/rooted-tree.testing.ts';
import { tree as cgroups } from '../linux/trees/cgroups.testing.ts';
import { mergedTrees, readOf } from './merged-trees.testing.ts';
import { createTree } from '../linux/rooted-tree.testing.ts';
import { deriveRates, RATE_FIELDS } from './rates.ts';
import type { RatedName } from './rates.ts';
import type { Snapshot } from './snapshot.ts';

/** Lines of counters as the kernel writes them in pairs: the names, then the numbers. */
const pair = (part: string, names: string): string => `${part}: ${names}\n${part}: ${names.replaceAll(/\w+/g, '600')}\n`;
const stall = 'some avg10=0.00 avg60=0.00 avg300=0.00 total=90\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=90\n';

/** What the fixture trees leave out, because every machine has it. */
const MORE: Tree = {
  'proc/stat': 'cpu  200 0 100 800 0 0 0 0 0 0\ncpu0 200 0 100 800 0 0 0 0 0 0\nctxt 500\nbtime 1700000000\nprocesses 90\nsoftirq 9 0 9\n',
  'proc/diskstats': '   8       0 sda 90 0 90 90 90 0 90 90 0 90 90\n',
  'proc/net/dev': 'Inter-|\n face |\n  eth0: 90 90 0 0 0 0 0 0 90 90 0 0 0 0 0 0\n',
  'proc/1/mountinfo': `${cgroups['proc/1/mountinfo'] as string}90 1 8:1 / / rw - ext4 /dev/sda1 rw\n`,
  'proc/net/snmp': pair('Ip', 'InReceives OutRequests') + pair('Tcp', 'InSegs OutSegs RetransSegs') + pair('Udp', 'InDatagrams'),
  'proc/net/snmp6': 'Ip6InReceives 600\nUdp6InDatagrams 600\n',
  ...Object.fromEntries(['cpu', 'io', 'memory', 'irq'].map((resource) => [`proc/pressure/${resource}`, stall])),
};

let machine: RootedTree;
beforeAll(async () => {
  machine = await mergedTrees(MORE);
});
afterAll(() => machine.remove());

/** The same reading as it was earlier: all its times and counts are half of what they are. Numbers that name something stay. */
function earlier(value: unknown, counters: ReadonlySet<string>, key = ''): unknown {
  if (typeof value === 'number') return counters.has(key) ? value / 2 : value;
  if (value instanceof Float64Array) return value.map((count) => count / 2);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map((child) => earlier(child, counters, key));
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, earlier(child, counters, name)]));
}

/** Paths of everything that is derived. Texts and flags name what a rate is of; what is nothing else is a figure, known or not. */
function figuresIn(rates: unknown): string[] {
  const figures = new Set<string>();
  const names = new Set<string>();
  const walk = (value: unknown, path: string): void => {
    if (Array.isArray(value)) for (const child of value as unknown[]) walk(child, `${path}[]`);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, child] of Object.entries(value)) walk(child, path === '' ? key : `${path}.${key}`);
    } else (typeof value === 'string' || typeof value === 'boolean' ? names : figures).add(path);
  };
  walk(typeof rates === 'function' ? [rates(0)] : rates, '');
  return [...figures].filter((path) => !names.has(path));
}

const isBelow = (figure: string, path: string): boolean => figure === path || figure.startsWith(`${path}.`);

describe.runIf(process.platform === 'linux')('the fields of the rates', () => {
  test.each(Object.keys(RATE_FIELDS) as RatedName[])('of %s are those that are derived, no more and no less', async (name) => {
    const collector = linuxCollectors.find((candidate) => candidate.name === name)!;
    const reading = await readOf(collector, machine.host);
    const counters = new Set(
      collector
        .groups()
        .flatMap(({ fields }) => fields.filter(({ kind }) => kind === 'counter'))
        .map(({ key }) => key),
    );
    const snapshot = (time: number, value: unknown): Snapshot => ({ time, monotonic: time, gaps: [], runs: [], [name]: value }) as never;
    // An hour: in less time no processor can spend half of its times.
    const figures = figuresIn(deriveRates(snapshot(0, earlier(reading, counters)), snapshot(3600, reading))[name]);
    const fields = RATE_FIELDS[name]();
    const declared = fields.map(({ path }) => path);
    const everywhere = fields.filter(({ platform }) => platform === undefined).map(({ path }) => path);
    expect(new Set(declared).size).toBe(declared.length);
    expect(figures.filter((figure) => !declared.some((path) => isBelow(figure, path)))).toEqual([]);
    expect(everywhere.filter((path) => !figures.some((figure) => isBelow(figure, path)))).toEqual([]);
  });
});

const taken = (time: number, readings: Partial<Snapshot>): Snapshot =>
  ({ time, monotonic: time, gaps: [], runs: [], ...readings }) as Snapshot;
const gapOf = (rates: ReturnType<typeof deriveRates>, name: RatedName): unknown =>
  rates.gaps.find(({ field }) => field === `rates.${name}`);

describe('why there is no rate', () => {
  const empty = createTree({});
  afterAll(() => empty.remove());

  test.each(['scheduler', 'frequency', 'nfs', 'zfs', 'energy'] as const)('of %s: a machine without it misses nothing', async (name) => {
    const collector = linuxCollectors.find((candidate) => candidate.name === name)!;
    const read = (): Promise<unknown> => readOf(collector, empty.host);
    const [first, second, third] = [taken(0, { [name]: await read() }), taken(1, { [name]: await read() }), taken(2, {})];
    const begun = deriveRates(null, first);
    const rates = deriveRates(first, second, Infinity, begun);
    expect([rates[name], gapOf(rates, name)]).toEqual([null, undefined]);
    // It was not read again.
    const later = deriveRates(second, { ...third, [name]: second[name] }, Infinity, rates);
    expect([later[name], gapOf(later, name)]).toEqual([null, undefined]);
  });

  test('of a slow collector: what it was when it was read last', () => {
    const scheduler = (running: number): Pick<Snapshot, 'scheduler'> => ({ scheduler: [{ cpu: 0, running, waiting: 0, timeslices: 0 }] });
    const [first, second] = [scheduler(0), scheduler(10)];
    const begun = deriveRates(null, taken(0, first));
    const waiting = deriveRates(taken(0, first), taken(1, first), Infinity, begun);
    expect(gapOf(waiting, 'scheduler')).toMatchObject({ reason: 'no-baseline', detail: 'A rate needs two readings.' });
    expect(gapOf(deriveRates(taken(0, first), taken(1, first)), 'scheduler')).toMatchObject({ detail: 'It has not been read twice yet.' });
    const known = deriveRates(taken(1, first), taken(2, second), Infinity, waiting);
    expect([known.scheduler?.running, gapOf(known, 'scheduler')]).toEqual([10, undefined]);
  });

  test('only what may be missing on a machine can have nothing: each collector derives something from a full one', async () => {
    for (const name of (Object.keys(RATE_FIELDS) as RatedName[]).filter((rated) => rated !== 'cpu')) {
      const reading = await readOf(
        linuxCollectors.find((candidate) => candidate.name === name)!,
        machine.host,
      );
      const still = deriveRates(taken(0, { [name]: reading }), taken(1, { [name]: earlier(reading, new Set()) } as Partial<Snapshot>));
      expect(still[name], name).not.toBeNull();
    }
  });
});
