// Every getter on every live process gives a value or a reason: hostile ones, many, of other users, and while they end.
import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { populationMissing, startPopulation } from '../packages/metrics/src/linux/bpf/hostile-population.testing.ts';
import type { Population } from '../packages/metrics/src/linux/bpf/hostile-population.testing.ts';
import { HECATE, temporary } from './cli.testing.ts';
import { root } from './source-tree.testing.ts';

/** What everywhere-processes.mjs says. */
interface Said {
  readonly read: number;
  readonly gone: number;
  readonly left: number;
  readonly names: Readonly<Record<string, number>>;
  readonly wrong: readonly string[];
}

const PROGRAM = [process.execPath, fileURLToPath(new URL('./everywhere-processes.mjs', import.meta.url))];
const isRoot = process.getuid?.() === 0;

function ask(given: readonly string[], ...wrap: readonly string[]): Said {
  const argv = [...wrap, ...PROGRAM, ...given];
  const { status, stdout, stderr, error } = spawnSync(argv[0]!, argv.slice(1), {
    encoding: 'utf8',
    timeout: 240_000,
    killSignal: 'SIGKILL',
  });
  if (error) throw error;
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout) as Said;
}

const missing = process.platform === 'linux' ? populationMissing() : 'this is not Linux';
if (missing) console.warn(`SKIPPED: every process: ${missing}`);
if (!isRoot) console.warn('SKIPPED: processes of other users, and hostile ones: they need root');

describe.skipIf(missing !== null || !isRoot)('hostile processes on this machine', () => {
  let population: Population | undefined;
  beforeAll(async () => {
    population = await startPopulation();
  });
  afterAll(() => population?.stop());

  it.each([
    ['as root', []],
    ['as a user that owns nothing', ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']],
    ['without capabilities', ['setpriv', '--bounding-set=-all', '--inh-caps=-all', '--no-new-privs']],
  ])('%s', (_, wrap) => {
    const { wrong, read, left, names } = ask([], ...wrap);
    expect(wrong).toEqual([]);
    expect(left).toBe(0);
    expect(read).toBeGreaterThan(population!.pids.size);
    // Those that name themselves: a parenthesis, white space, bytes that are no UTF-8.
    const own = [') R 1 1 1', 'a b\nc\td', '\ufffd\ufffd\ufffd\u0001', '\\n\\', '((('];
    for (const name of own) expect(names, JSON.stringify(name)).toHaveProperty([name]);
  });
});

describe.skipIf(missing !== null)('thousands of processes in a namespace of their own', { timeout: 300_000 }, () => {
  let crowd = '';
  let refused: string | null = null;
  beforeAll(() => {
    const directory = temporary('crowd');
    chmodSync(directory, 0o755);
    crowd = join(directory, 'population');
    const built = spawnSync('gcc', ['-O1', '-o', crowd, join(root, 'packages/metrics/bench/population.c')], { encoding: 'utf8' });
    if (built.status !== 0) throw new Error(built.stderr);
    const { status, stderr } = spawnSync(crowd, ['1', '0', '/bin/true'], { encoding: 'utf8' });
    refused = status === 0 ? null : stderr.trim();
  });

  it('five thousand', (context) => {
    if (refused) context.skip(`no namespace can be made here: ${refused}`);
    const { wrong, read, gone } = ask([], crowd, '5000', '0');
    expect(wrong).toEqual([]);
    expect(gone).toBe(0);
    expect(read).toBeGreaterThan(5000);
  });

  it('a snapshot of five thousand', (context) => {
    if (refused) context.skip(`no namespace can be made here: ${refused}`);
    const argv = ['5000', '0', process.execPath, HECATE, 'snapshot', '--format', 'json', '--interval', '0.1', '--only', 'processes'];
    const { status, stdout, stderr } = spawnSync(crowd, argv, { encoding: 'utf8', maxBuffer: 1 << 28 });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { processes, gaps } = JSON.parse(stdout) as { processes: { name: string; rss: number; cpu: number | null }[]; gaps: object[] };
    expect(gaps).toEqual([]);
    expect(processes.length).toBeGreaterThan(5000);
    expect(processes.filter(({ cpu }) => cpu === null)).toEqual([]);
  });

  it('processes that end while they are read', (context) => {
    if (refused) context.skip(`no namespace can be made here: ${refused}`);
    // Born every millisecond, they live ten: after fifty all that were listed are gone. Without a pause some end half read.
    const { wrong, gone } = ask(['50'], crowd, '100', '1');
    expect(wrong).toEqual([]);
    expect(gone).toBeGreaterThan(0);
    for (let turn = 0; turn < 4; turn++) expect(ask([], crowd, '100', '1').wrong).toEqual([]);
  });
});
