/** A program for a pid namespace of its own, started by `namespace.test.ts`: it tells what it reads there. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { openHost } from '@hecate/host';
import { buildProcessTree } from '../../domain/process-tree.ts';
import { finish } from '../../model/collector.ts';
import { collectGaps } from '../../model/gap.ts';
import type { Gap } from '../../model/gap.ts';
import { readProcessDetail } from '../process-detail.ts';
import { openProcRoute } from './proc-route.ts';
import { openProcessTable } from './table.ts';

const [, , scenario] = process.argv as [string, string, string];

/** What three readings gave. */
function look(): unknown {
  const before = readdirSync('/proc/self/fd').length;
  const reader = openProcessTable(openHost(), { plain: openProcRoute, fast: null });
  const gaps: Gap[] = [];
  let pauses = 0;
  const tables = [0, 1, 2].map(() => {
    const read = reader.read(collectGaps(gaps));
    let step = read.next();
    for (; !step.done; step = read.next()) pauses++;
    return step.value;
  });
  const [, second, last] = tables as [unknown, (typeof tables)[0], (typeof tables)[0]];
  const names: Record<string, number> = {};
  for (const { name } of last.identities) names[name] = (names[name] ?? 0) + 1;
  const kept = readdirSync('/proc/self/fd').length - before;
  reader.close();
  return {
    lengths: tables.map(({ length }) => length),
    isUnique: new Set(last.identities.map(({ pid }) => pid)).size === last.length,
    sleepers: names['sleeper'] ?? 0,
    own: last.identities.some(({ pid }) => pid === process.pid),
    isShared: last.identities === second.identities,
    ioKnown: Array.from(last.readBytes).filter((value) => !Number.isNaN(value)).length,
    roots: buildProcessTree(last).roots.length,
    sleepersGroup: last.groups.find(({ name }) => name === 'sleeper')?.processes ?? 0,
    pauses,
    kept,
    left: readdirSync('/proc/self/fd').length - before,
    gaps: gaps.map(({ field, reason }) => `${field}: ${reason}`),
    first: readProcessDetail(openHost(), 1)?.pid ?? null,
  };
}

/** The same as another user, and where /proc shows only one's own processes. */
function asNobody(options: string): unknown {
  const mounted = spawnSync('mount', ['-o', `remount,${options}`, '/proc'], { encoding: 'utf8' });
  if (mounted.status !== 0) throw new Error(mounted.stderr);
  const argv = ['--reuid', '65534', '--regid', '65534', '--clear-groups', process.execPath, process.argv[1]!, 'look'];
  const { stdout, stderr } = spawnSync('setpriv', argv, { encoding: 'utf8' });
  if (stderr !== '') throw new Error(stderr);
  return JSON.parse(stdout);
}

const SCENARIOS: Readonly<Record<string, () => unknown>> = {
  look,
  nobody: () => asNobody('hidepid=0'),
  hidden: () => asNobody('hidepid=2'),
  /** Processes come and go while it reads. */
  churn() {
    const reader = openProcessTable(openHost(), { plain: openProcRoute, fast: null });
    const seen: number[] = [];
    for (let time = 0; time < 200; time++) {
      const gaps: Gap[] = [];
      const { length, identities } = finish(reader.read(collectGaps(gaps)));
      const ids = new Set(identities.map(({ pid }) => pid));
      if (ids.size !== length || gaps.some(({ reason }) => reason !== 'permission'))
        throw new Error(JSON.stringify({ time, length, ids: ids.size, gaps }));
      seen.push(length);
    }
    reader.close();
    return { least: Math.min(...seen), most: Math.max(...seen) };
  },
};
process.stdout.write(JSON.stringify(SCENARIOS[scenario]!()));
