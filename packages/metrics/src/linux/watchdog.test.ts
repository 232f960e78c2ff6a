import { expect, test } from 'vitest';
import { collectGaps } from '../model/gap.ts';
import type { Gap } from '../model/gap.ts';
import { createTree } from './rooted-tree.testing.ts';
import { tree as files } from './trees/watchdog.testing.ts';
import { watchdog } from './watchdog.ts';

test('a watchdog that says all, and one that says nothing', () => {
  const tree = createTree(files);
  const gaps: Gap[] = [];
  const rows = watchdog.open(tree.host).read(collectGaps(gaps));
  tree.remove();
  expect(gaps).toEqual([]);
  expect(rows).toEqual([
    {
      name: 'watchdog0',
      identity: 'Software Watchdog',
      state: 'active',
      status: '0x8000',
      options: '0x8380',
      pretimeoutGovernor: 'noop',
      bootStatus: 1,
      firmwareVersion: 2,
      noWayOut: 0,
      timeLeft: 300,
      timeout: 60,
      pretimeout: 120,
      accessCs0: null,
    },
    expect.objectContaining({ name: 'watchdog1', identity: null, timeLeft: null }),
  ]);
});
