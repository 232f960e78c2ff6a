import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COLUMNS } from '../packages/observe/src/record/columns.ts';
import { COLLECTOR_NAMES } from '../packages/metrics/src/model/collector-names.ts';
import { collectorsOf } from '../packages/metrics/src/platform.ts';
import { run, temporary } from './cli.testing.ts';
import type { Ended } from './cli.testing.ts';
import { FILES, link, makeTree } from './tree.testing.ts';

interface Gap {
  readonly field: string;
  readonly reason: string;
  readonly detail: string;
}

/** A snapshot as JSON: what these tests look at. */
interface Tree {
  readonly host: { readonly hostname: string | null; readonly osName: string | null; readonly cpuModel: string | null } | null;
  readonly cpu: { readonly total: Record<string, number>; readonly cores: readonly object[]; readonly bootTime: number } | null;
  readonly load: { readonly load1: number } | null;
  readonly memory: { readonly total: number; readonly used: number; readonly swapUsed: number } | null;
  readonly disk: readonly { readonly device: string; readonly readBytes: number }[] | null;
  readonly network: readonly { readonly device: string; readonly receiveBytes: number }[] | null;
  readonly processes:
    | readonly { readonly pid: number; readonly name: string; readonly command: string | null; readonly rss: number }[]
    | null;
  readonly rates: { readonly elapsed: number | null; readonly cpu: object | null };
  readonly gaps: readonly Gap[];
}

const ok = ({ status, stderr, stdout }: Ended): string => {
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
};
const jsonOf = async (...args: string[]): Promise<Tree> => JSON.parse(ok(await run(['snapshot', '--format', 'json', ...args]))) as Tree;
const linux = describe.skipIf(process.platform !== 'linux');

linux('this machine', () => {
  it('json: one line, every collector there, every null with its reason, rates over the interval', async () => {
    const text = ok(await run(['snapshot', '--format', 'json', '--interval', '0.3']));
    expect(text.trimEnd().split('\n')).toHaveLength(1);
    const tree = JSON.parse(text) as Tree & Record<string, unknown>;
    const onRequest = collectorsOf('linux').flatMap((collector) => (collector.onRequest ? [collector.name] : []));
    for (const name of COLLECTOR_NAMES) {
      if (onRequest.includes(name)) expect(tree[name], name).toBeNull();
      else if (tree[name] === null) expect(tree.gaps.map(({ field }) => field)).toContain(name);
      else expect(tree, name).toHaveProperty(name);
    }
    for (const gap of tree.gaps)
      expect(gap).toEqual({ field: expect.any(String), reason: expect.stringMatching(/^[a-z-]+$/), detail: expect.any(String) });
    expect(tree.rates.elapsed).toBeGreaterThanOrEqual(0.29);
    expect(tree.rates.cpu).not.toBeNull();
  });

  it('--interval 0 reads once: no rates, and a reason for that', async () => {
    const { rates, gaps } = await jsonOf('--interval', '0');
    expect(rates.cpu).toBeNull();
    expect(gaps.some(({ reason }) => reason === 'no-baseline')).toBe(true);
  });

  it('csv: the header of the day files, and as many cells', async () => {
    const lines = ok(await run(['snapshot', '--format', 'csv'])).split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toBe(['timestamp', ...COLUMNS.map(({ name }) => name)].join(','));
    const cells = lines[1]!.split(',');
    expect(cells).toHaveLength(COLUMNS.length + 1);
    expect(cells[0]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$/);
    for (const cell of cells.slice(1)) expect(cell).toMatch(/^(-?\d+(\.\d+)?)?$/);
    expect(cells.slice(1).filter((cell) => cell !== '').length).toBeGreaterThan(20);
  });

  it.each(['prometheus', 'openmetrics'])('%s: every sample line belongs to a family that is declared once', async (format) => {
    const text = ok(await run(['snapshot', '--format', format]));
    expect(text.endsWith(format === 'openmetrics' ? '# EOF\n' : '\n')).toBe(true);
    const declared = [...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name!);
    expect(new Set(declared).size).toBe(declared.length);
    const families = new Set(declared);
    const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(samples.length).toBeGreaterThan(50);
    for (const line of samples) {
      const [, name] = /^([a-zA-Z_:][\w:]*)(?:\{.*\})? (?:[+-]?\d[\d.e+-]*|NaN|[+-]Inf)$/.exec(line) ?? [];
      expect(name, line).toBeDefined();
      expect(families.has(name!) || families.has(name!.replace(/_(total|info)$/, '')), line).toBe(true);
    }
    expect(text).toContain('node_memory_MemTotal_bytes');
  });

  it('table: what a person wants to see', async () => {
    const text = ok(await run(['snapshot']));
    for (const title of ['CPU', 'Load', 'Memory', 'Swap', 'File systems', 'Processes']) expect(text).toMatch(new RegExp(`\\b${title}\\b`));
  });

  it.each(COLLECTOR_NAMES)('--only %s reads that and nothing else', async (name) => {
    const tree = (await jsonOf('--only', name, '--interval', '0')) as Tree & Record<string, unknown>;
    for (const other of COLLECTOR_NAMES) if (other !== name) expect(tree[other], other).toBeNull();
    if (tree[name] === null) expect(tree.gaps.map(({ field }) => field)).toContain(name);
    ok(await run(['snapshot', '--only', name, '--interval', '0']));
  });
});

describe('--root: a machine of files', () => {
  const tree = makeTree();

  it.runIf(process.platform === 'linux')('a machine that is mounted and runs has rates: --root / is this one', async () => {
    const { rates, load, memory } = await jsonOf('--root', '/', '--interval', '0.2');
    expect(rates.elapsed).toBeGreaterThan(0.1);
    expect([rates.cpu, load, memory]).not.toContain(null);
  });

  it('json has its numbers, not ours', async () => {
    const { host, cpu, load, memory, disk, network, processes, rates } = await jsonOf('--root', tree);
    expect(host).toMatchObject({ hostname: 'small-machine', osName: 'Test OS 7', cpuModel: 'Testing CPU 3000' });
    // Guest time is part of user time in the kernel's numbers; there is none here.
    expect(cpu).toMatchObject({ total: { user: 10, nice: 1, system: 5, idle: 80, iowait: 2, softirq: 0.5 }, bootTime: 1_700_000_000 });
    expect(cpu?.cores).toHaveLength(2);
    expect(load).toMatchObject({ load1: 1.25 });
    expect(memory).toMatchObject({ total: 4_000_000 * 1024, used: 1_500_000 * 1024, swapUsed: 500_000 * 1024 });
    expect(disk).toMatchObject([{ device: 'sda', readBytes: 2000 * 512 }]);
    expect(network).toMatchObject([{ device: 'eth7', receiveBytes: 111_111 }]);
    expect(processes?.map(({ pid, command }) => [pid, command])).toEqual([
      [1, '/sbin/init'],
      [42, 'worker --option'],
    ]);
    expect(rates.cpu).toBeNull();
  });

  it.each(['table', 'csv', 'prometheus', 'openmetrics'])('%s works too', async (format) => {
    const text = ok(await run(['snapshot', '--root', tree, '--format', format]));
    expect(text).toContain(
      { table: 'small-machine', csv: '4096000000', prometheus: 'node_load1 1.25', openmetrics: 'node_load1 1.25' }[format],
    );
  });

  it('a relative root, one with a slash at its end, and one through a link', async () => {
    const place = temporary('place');
    link(place, 'linked', tree);
    for (const name of [`${tree}/`, join(place, 'linked'), `${place}/../${tree.split('/').at(-1)}`])
      expect((await jsonOf('--root', name)).load?.load1).toBe(1.25);
    const { stdout } = await run(['snapshot', '--root', 'linked', '--format', 'prometheus'], { cwd: place });
    expect(stdout).toContain('node_load1 1.25');
  });

  it.each([
    ['missing', (place: string) => join(place, 'missing'), 'does not exist'],
    ['not a directory', (place: string) => (writeFileSync(join(place, 'file'), ''), join(place, 'file')), 'is not a directory'],
    ['without proc', (place: string) => (mkdirSync(join(place, 'empty')), join(place, 'empty')), 'holds no proc directory'],
    ['empty text', () => '', ''],
  ])('%s: status 2 and a sentence', async (_what, make, sentence) => {
    const { status, stdout, stderr } = await run(['snapshot', '--root', make(temporary('root'))]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^hecate: \S.*\.\n( {8}\S.*\.\n)?$/);
    expect(stderr).toContain(sentence);
  });

  it('an empty proc: everything is null with a reason, status 0', async () => {
    const place = temporary('bare');
    mkdirSync(join(place, 'proc'));
    const bare = (await jsonOf('--root', place)) as Tree & Record<string, unknown>;
    for (const name of ['cpu', 'load', 'memory', 'disk', 'network'] as const) {
      expect(bare[name], name).toBeNull();
      expect(bare.gaps.find(({ field }) => field === name)).toMatchObject({ reason: 'absent' });
    }
    for (const format of ['table', 'csv', 'prometheus', 'openmetrics']) ok(await run(['snapshot', '--root', place, '--format', format]));
  });
});

describe('--root: files that are not as they should be', () => {
  const noise = Uint8Array.from({ length: 5000 }, (_, index) => (index * 7919 + (index >> 3)) % 256);
  const files = Object.keys(FILES).filter((file) => file.startsWith('proc/'));

  it.each([
    ['garbage', () => noise],
    ['nothing', () => ''],
    ['half of it', (file: string) => FILES[file]!.slice(0, FILES[file]!.length / 2)],
    ['huge numbers', (file: string) => FILES[file]!.replaceAll(/\d+/g, '99999999999999999999999')],
    ['zero bytes', () => new Uint8Array(100)],
  ])('every file holds %s: no stack trace, status 0, JSON that parses, no number that is none', async (_what, content) => {
    const tree = makeTree(Object.fromEntries(files.map((file) => [file, content(file)])));
    const text = ok(await run(['snapshot', '--root', tree, '--format', 'json']));
    expect(text).not.toMatch(/\bNaN\b|Infinity/);
    expect((JSON.parse(text) as Tree).gaps.length).toBeGreaterThan(0);
    for (const format of ['table', 'csv', 'prometheus', 'openmetrics']) {
      const output = ok(await run(['snapshot', '--root', tree, '--format', format]));
      // What a file holds must not steer the terminal of a person. Label values of the other formats may hold anything.
      if (format === 'table') expect(Buffer.from(output).every((byte) => byte === 10 || (byte >= 32 && byte !== 127))).toBe(true);
    }
  });

  it('one file that cannot be read takes only its own reading away', async () => {
    const tree = makeTree({ 'proc/meminfo': null });
    mkdirSync(join(tree, 'proc/meminfo'));
    const { memory, load, gaps } = await jsonOf('--root', tree);
    expect({ memory, load: load?.load1 }).toEqual({ memory: null, load: 1.25 });
    expect(gaps.find(({ field }) => field === 'memory')).toMatchObject({ reason: 'error', detail: expect.stringContaining('EISDIR') });
  });

  it.runIf(process.platform === 'linux')('a link that leads out of the root is not followed: nothing of this machine is told', async () => {
    const tree = makeTree({ 'proc/loadavg': null, 'proc/meminfo': null, 'proc/42/cmdline': null, 'etc/os-release': null });
    link(tree, 'proc/loadavg', '/proc/loadavg');
    link(tree, 'proc/meminfo', '../../../../../../../../proc/meminfo');
    link(tree, 'proc/42/cmdline', '/proc/self/cmdline');
    link(tree, 'etc/os-release', '/etc/os-release');
    link(tree, 'proc/77', '/proc/self');
    const { load, memory, host, processes, gaps } = await jsonOf('--root', tree);
    expect({ load, memory, osName: host?.osName }).toEqual({ load: null, memory: null, osName: null });
    expect(processes?.map(({ pid, command }) => [pid, command])).toEqual([
      [1, '/sbin/init'],
      [42, null],
    ]);
    expect(gaps.find(({ field }) => field === 'load')).toMatchObject({
      reason: 'absent',
      detail: expect.stringContaining('leads out of the root'),
    });
  });

  it.each(['/proc', '/nowhere', 'etc/passwd'])('proc as a link to %s is no proc directory', async (target) => {
    const tree = makeTree();
    rmSync(join(tree, 'proc'), { recursive: true });
    link(tree, 'proc', target);
    const { status, stdout, stderr } = await run(['snapshot', '--root', tree, '--format', 'json']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('holds no proc directory');
  });
});
