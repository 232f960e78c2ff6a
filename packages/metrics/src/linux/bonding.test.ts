import { expect, test } from 'vitest';
import type { Host } from '@hecate/host';
import { bondingGroups } from '../domain/bonding.ts';
import type { BondReading } from '../domain/bonding.ts';
import { finish } from '../model/collector.ts';
import type { Sliced } from '../model/collector.ts';
import { collectGaps } from '../model/gap.ts';
import type { Gap } from '../model/gap.ts';
import { bonding } from './bonding.ts';
import { createTree } from './rooted-tree.testing.ts';
import { tree as fixture } from './trees/bonding.testing.ts';

const read = (host: Host, gaps: Gap[] = []): readonly BondReading[] =>
  finish(bonding.open(host).read(collectGaps(gaps)) as Sliced<readonly BondReading[]>);

test('bonds and their members, of kernels that name the directories of members differently', () => {
  const tree = createTree(fixture);
  const gaps: Gap[] = [];
  const bonds = read(tree.host, gaps);
  tree.remove();
  expect(gaps).toEqual([]);
  expect(bonds).toEqual([
    {
      master: 'bond7',
      mode: 'active-backup',
      activeMember: 'port7a',
      members: [
        { device: 'port7a', up: true, linkFailures: 3 },
        { device: 'port7b', up: false, linkFailures: null },
      ],
      count: 2,
      active: 1,
    },
    { master: 'bond8', mode: null, activeMember: null, members: [], count: 0, active: 0 },
  ]);
  expect([...bondingGroups()[1]!.rows(bonds)]).toHaveLength(2);
});

test('a member whose link nobody watches is unknown, and a machine without bonds has none', () => {
  const tree = createTree({ 'sys/class/net/bonding_masters': 'b\n', 'sys/class/net/b/bonding/slaves': 'x' });
  expect(read(tree.host)).toMatchObject([{ members: [{ device: 'x', up: null }], count: 1, active: 0 }]);
  tree.remove();
  const empty = createTree({});
  expect(read(empty.host)).toEqual([]);
  empty.remove();
});
