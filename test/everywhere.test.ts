// A value or a reason, everywhere: what users run and import, in places where much of the machine cannot be seen.
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COLLECTOR_NAMES } from '../packages/metrics/src/model/collector-names.ts';
import { run, start, temporary } from './cli.testing.ts';
import type { Ended } from './cli.testing.ts';
import { PLACES } from './everywhere-places.testing.ts';
import type { OpenPlace } from './everywhere-places.testing.ts';
import { noMounts } from './mounts.testing.ts';

interface Gap {
  readonly field: string;
  readonly reason: string;
  readonly detail: string;
}

/** Those of `GapReason` that say why a thing cannot be had. `error` says that hecate did not understand: a defect. */
const REASONS = ['unsupported', 'permission', 'absent', 'timeout', 'suspended', 'no-baseline'];

const ok = ({ status, stderr, stdout }: Ended): string => {
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
};

const improper = (gaps: readonly Gap[]): Gap[] => gaps.filter(({ reason, detail }) => !REASONS.includes(reason) || detail.length < 5);

/** Every process that was started with this mark in its environment and still runs. */
function marked(mark: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return false;
    try {
      return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(mark);
    } catch {
      return false;
    }
  });
}

const noPromtool = spawnSync('promtool', ['--version']).status !== 0;
if (noPromtool) console.warn('Skipped: promtool does not judge here. Debian: apt-get install prometheus.');

/** What promtool has against a text, beside its taste in names and units: those are node_exporter's. */
const judge = (text: string): string[] =>
  spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' })
    .stderr.split('\n')
    .filter((line) => line !== '' && !/'snake_case' not 'camelCase'|use base unit/.test(line));

/** Runs a program of ours, not the command line, in a place. */
function runIn({ wrap, env }: OpenPlace, script: string): Promise<Ended> {
  const argv = [...wrap, process.execPath, script];
  const child = spawn(argv[0]!, argv.slice(1), { env: { PATH: process.env['PATH'], ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  return new Promise((resolve, reject) => {
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (status, signal) => resolve({ status, signal, stdout, stderr }));
  });
}

describe.each(PLACES)('$name', (place) => {
  const missing = place.missing();
  if (missing) console.warn(`SKIPPED: ${place.name}: ${missing}`);

  describe.skipIf(missing !== null)('there', () => {
    let open: OpenPlace | undefined;
    const mark = `hecate-everywhere-${process.pid}-${PLACES.indexOf(place)}-`;
    const hecate = (...args: readonly string[]): Promise<Ended> =>
      run(args, { wrap: open!.wrap, env: { ...open!.env, HECATE_TEST_MARK: mark }, seconds: 30 });
    beforeAll(() => {
      open = place.open();
    });
    afterAll(() => open?.close());

    it('every collector has a value or says why not', async () => {
      const text = ok(await hecate('snapshot', '--format', 'json', '--interval', '0', '--only', COLLECTOR_NAMES.join(',')));
      const tree = JSON.parse(text) as Record<string, unknown> & { gaps: Gap[]; runs: { collector: string; seconds: number }[] };
      expect(improper(tree.gaps)).toEqual([]);
      for (const name of COLLECTOR_NAMES) {
        expect(tree, name).toHaveProperty(name);
        if (tree[name] === null)
          expect(
            tree.gaps.map(({ field }) => field),
            name,
          ).toContain(name);
      }
      expect(tree.runs.map(({ collector }) => collector).toSorted()).toEqual(COLLECTOR_NAMES.toSorted());
    });

    it('/metrics is text that promtool accepts', async () => {
      const text = ok(await hecate('snapshot', '--format', 'prometheus'));
      expect(text).not.toMatch(/undefined|\[object|^[^#].* (?:NaN|[+-]Inf)$/m);
      expect(text.match(/^node_cpu_seconds_total\{/gm)?.length).toBeGreaterThan(0);
      expect(text).toMatch(/^node_scrape_collector_success\{collector="memory"\} 1$/m);
      if (!noPromtool) expect(judge(text)).toEqual([]);
    });

    it('doctor names what is missing, and what would help', async () => {
      const { collectors } = JSON.parse(ok(await hecate('doctor', '--format', 'json'))) as {
        collectors: { collector: string; state: string; gaps: Gap[]; remedy: string | null; seconds: number }[];
      };
      expect(collectors.map(({ collector }) => collector)).toEqual(COLLECTOR_NAMES);
      for (const { collector, state, gaps, remedy } of collectors) {
        expect(improper(gaps), collector).toEqual([]);
        expect([state, gaps.length > 0], collector).toEqual([state, state !== 'reads' && state !== 'on request']);
        if (gaps.length > 0) expect(remedy?.length, collector).toBeGreaterThan(10);
      }
    });

    it.skipIf(!place.loads)('as a library: no number that is none, no -1 for the unknown, no descriptor left open', async () => {
      const { before, after, ...said } = JSON.parse(
        ok(await runIn(open!, fileURLToPath(new URL('./everywhere-reading.mjs', import.meta.url)))),
      ) as {
        wrong: string[];
        improper: Gap[];
        before: string[];
        after: string[];
      };
      expect(said).toEqual({ wrong: [], improper: [] });
      expect(after.length, `${before.join(', ')}\n${after.join(', ')}`).toBe(before.length);
    });

    it.skipIf(!place.passesSignals)('watch says what cannot be watched and why, waits, and ends in order', async () => {
      const watch = start(['watch', '--format', 'json'], { wrap: open!.wrap, env: { ...open!.env, HECATE_TEST_MARK: mark } });
      await watch.until(/"kind":"watching".*\n/);
      const lines = ok(await watch.end('SIGINT'))
        .trim()
        .split('\n');
      const events = lines.map((line) => JSON.parse(line) as { kind: string } & Gap);
      expect(improper(events.filter(({ kind }) => kind === 'unavailable'))).toEqual([]);
    });

    it('leaves no process and no file behind', () => {
      expect(marked(mark)).toEqual([]);
      if (open!.scratch) expect(readdirSync(open!.scratch)).toEqual([]);
    });
  });
});

it.skipIf(noMounts !== null)('from a container with namespaces of its own, --root shows the machine that is mounted there', async () => {
  const host = temporary('host');
  const enter = ['unshare', '--map-root-user', '--mount', '--net', '--pid', '--fork', '--kill-child', '--propagation', 'private'];
  const wrap = [...enter, 'sh', '-c', 'mount --rbind / "$1" && mount -t proc proc /proc && shift && exec "$@"', 'sh', host];
  const { processes, network, gaps } = JSON.parse(
    ok(await run(['snapshot', '--root', host, '--format', 'json', '--interval', '0'], { wrap })),
  ) as { processes: { pid: number }[]; network: { device: string }[]; gaps: Gap[] };
  expect(processes.map(({ pid }) => pid)).toContain(process.pid);
  const devices = readFileSync('/proc/net/dev', 'utf8').matchAll(/^ *([^ :]+):/gm);
  expect(network.map(({ device }) => device)).toEqual([...devices].map(([, device]) => device));
  expect(improper(gaps)).toEqual([]);
});

it.skipIf(process.getuid?.() !== 0)('who has neither a name nor a home is told what to set', async () => {
  const nobody = { HOME: undefined, HECATE_DATA_DIR: undefined, XDG_STATE_HOME: undefined };
  const wrap = ['setpriv', '--reuid=54321', '--regid=54321', '--clear-groups'];
  const { status, stderr } = await run(['record', '--count', '1'], { wrap, env: nobody });
  expect(status).toBe(4);
  expect(stderr).toContain('Set HOME, or HECATE_DATA_DIR');
});
