// What `hecate snapshot` shows people: nothing wider than the terminal, nothing twice, on this machine and on one with all hardware.
import { openHost } from '@hecate/host';
import { deriveRates, openSampler } from '@hecate/metrics';
import type { CollectorName, Snapshot } from '@hecate/metrics';
import { widthOf } from '@hecate/observe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { snapshotTable } from '../packages/cli/src/terminal/snapshot-table.ts';
import type { RootedTree } from '../packages/metrics/src/linux/rooted-tree.testing.ts';
import { COLLECTOR_NAMES } from '../packages/metrics/src/model/collector-names.ts';
import { mergedTrees } from '../packages/metrics/src/model/merged-trees.testing.ts';
import { run } from './cli.testing.ts';

const linux = process.platform === 'linux';

/** A snapshot of which only these collectors were asked. */
function ofOnly(snapshot: Snapshot, only: readonly CollectorName[]): Snapshot {
  const hidden = COLLECTOR_NAMES.filter((name) => !only.includes(name)).map((name) => [name, null]);
  return { ...snapshot, ...(Object.fromEntries(hidden) as Partial<Snapshot>) };
}

const show = (snapshot: Snapshot, only: readonly CollectorName[] | undefined, width: number): string =>
  snapshotTable(snapshot, deriveRates(null, snapshot), { platform: 'linux', only }, { width, colour: false, unicode: true });

describe.skipIf(!linux)('snapshot as a table', () => {
  const machines: Record<string, Snapshot> = {};
  let tree: RootedTree | undefined;
  beforeAll(async () => {
    tree = await mergedTrees();
    for (const [name, host] of [
      ['this machine', openHost()],
      ['a machine with all hardware', tree.host],
    ] as const) {
      const sampler = openSampler(host, { only: COLLECTOR_NAMES });
      machines[name] = await sampler.take(6);
      sampler.close();
    }
  });
  afterAll(() => tree?.remove());

  it.each([
    ['this machine', 40],
    ['this machine', 80],
    ['this machine', 160],
    ['a machine with all hardware', 40],
    ['a machine with all hardware', 80],
    ['a machine with all hardware', 160],
  ])('%s in %i columns: no line is wider', (name, width) => {
    const snapshot = machines[name]!;
    for (const only of [undefined, COLLECTOR_NAMES, ...COLLECTOR_NAMES.map((one) => [one])]) {
      const lines = show(only ? ofOnly(snapshot, only) : snapshot, only, width).split('\n');
      const wide = lines.filter((line) => widthOf(line) > width);
      expect(wide, only?.join()).toEqual([]);
      expect(
        lines.filter((line) => /undefined|NaN|\[object/.test(line)),
        only?.join(),
      ).toEqual([]);
    }
  });

  it('a property that is declared once for each of its states is shown once', () => {
    for (const [only, heading] of [
      ['raid', /^│ device .*activity/m],
      ['zfs', /^│ pool .*state/m],
    ] as const) {
      const found = heading.exec(show(ofOnly(machines['a machine with all hardware']!, [only]), [only], 160));
      expect(found?.[0].match(/activity|state\b/g), only).toHaveLength(1);
    }
  });

  it('what has a name and nothing else is told in lines of words', () => {
    const text = show(ofOnly(machines['a machine with all hardware']!, ['processor']), ['processor'], 80);
    expect(text).toMatch(/^│ processor\.flags +│\n│ \w+( \w+)+ +│$/m);
    expect(text).not.toContain('present');
  });

  it('what was asked for and is not there is named', () => {
    const empty = { ...machines['this machine']!, tape: [], raid: [] };
    expect(show(ofOnly(empty, ['tape', 'raid']), ['tape', 'raid'], 80)).toMatch(/None here ─.*\n│ raid, tape +│/);
  });

  it('a moment is told as a date', () => {
    expect(show(ofOnly(machines['this machine']!, ['cpu']), ['cpu'], 80)).toMatch(/bootTime +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/);
  });
});

it.skipIf(!linux)('two readings half a second apart give rates of what is read rarely by a daemon', async () => {
  const { stdout } = await run(['snapshot', '--format', 'json', '--interval', '0.2', '--only', 'paging,interrupts,softirqs,filesystem']);
  const { rates } = JSON.parse(stdout) as { rates: Record<string, unknown> };
  expect(Object.entries(rates).flatMap(([name, rate]) => (rate === null ? [] : [name]))).toEqual(
    expect.arrayContaining(['elapsed', 'paging', 'interrupts', 'softirqs', 'filesystem']),
  );
});
