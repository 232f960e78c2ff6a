import { expect, test } from 'vitest';
import type { Gap } from '@hecate/metrics';
import { groupGaps } from './gap-groups.ts';

const gap = (field: string, detail: string, reason: Gap['reason'] = 'unsupported'): Gap => ({ field, reason, detail });

test('nothing is missing: no group', () => {
  expect(groupGaps([])).toEqual([]);
});

test('one reason is told once, with the fields of a collector or with whole collectors', () => {
  const groups = groupGaps([
    gap('raid', 'Not here.'),
    gap('memory.buffers', 'Not counted.'),
    gap('disk.flushes', 'Not counted.'),
    gap('memory.apple.pressure', 'Not counted.'),
    gap('zfs', 'Not here.'),
  ]);
  expect(groups).toEqual([
    { fields: ['raid', 'zfs'], reason: 'unsupported', detail: 'Not here.' },
    { fields: ['memory.buffers', 'apple.pressure'], reason: 'unsupported', detail: 'Not counted.' },
    { fields: ['disk.flushes'], reason: 'unsupported', detail: 'Not counted.' },
  ]);
});

test('another reason or another sentence stands by itself, and so does a whole collector beside its fields', () => {
  const groups = groupGaps([
    gap('memory.a', 'Why.'),
    gap('memory.b', 'Why.', 'permission'),
    gap('memory.c', 'Why not.'),
    gap('memory', 'Why.'),
  ]);
  expect(groups.map(({ fields }) => fields)).toEqual([['memory.a'], ['memory.b'], ['memory.c'], ['memory']]);
});
