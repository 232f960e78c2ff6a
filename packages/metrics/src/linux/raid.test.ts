import { HecateError, openHost } from '@hecate/host';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { raidGroups } from '../domain/raid.ts';
import type { RaidReading } from '../domain/raid.ts';
import { raid } from './raid.ts';
import { anyText } from './storage/any-text.testing.ts';
import { parseMdstat } from './storage/mdstat.ts';
import { readOnce, readTree, samplesOf } from './storage/reading.testing.ts';
import { tree as files } from './trees/raid.testing.ts';

const samples = (reading: readonly RaidReading[], name: string): string[] => samplesOf(raidGroups(), reading, name);

test('arrays that are whole, recover, wait, have no redundancy, or are containers', async () => {
  const { reading, gaps } = await readTree(raid, files);
  expect(gaps).toEqual([]);
  expect(
    reading.map(({ device, level, activity, readOnly, required, active, failed, spare }) => [
      device,
      level,
      activity,
      readOnly,
      required,
      active,
      failed,
      spare,
    ]),
  ).toEqual([
    ['md0', 'raid1', 'active', 'no', 2, 2, 0, 0],
    ['md1', 'raid5', 'active', 'no', 4, 3, 1, 1],
    ['md2', 'raid1', 'active', 'auto', 2, 2, 0, 0],
    ['md3', 'raid0', 'active', 'yes', 2, 2, 0, 0],
    ['md127', 'container', 'inactive', 'no', 0, 0, 0, 2],
  ]);
  const [md0, md1, md2, md3, md127] = reading;
  expect(md0).toMatchObject({
    size: 1_046_528 * 1024,
    uuid: '11111111-2222-3333-4444-555555555555',
    arrayState: 'clean',
    metadata: '1.2',
    members: 2,
    degraded: 0,
    mismatches: 128,
    chunkSize: null,
    syncAction: 'idle',
    sync: null,
    components: [
      { component: 'vdb1', slot: 0, states: ['in_sync'], errors: 0 },
      { component: 'vdc1', slot: 1, states: ['in_sync', 'write_error'], errors: 7 },
    ],
  });
  expect(md1).toMatchObject({ members: 4, degraded: 1, chunkSize: 524_288 });
  expect(md1!.sync).toEqual({
    action: 'recovery',
    waiting: false,
    done: 873_216 * 1024,
    total: 6_984_362 * 1024,
    remaining: 150,
    speed: 40_000 * 1024,
  });
  expect(md1!.components).toEqual([{ component: 'vdf1', slot: null, states: ['faulty'], errors: 0 }]);
  expect(md2!.sync).toEqual({ action: 'resync', waiting: true, done: 0, total: null, remaining: null, speed: null });
  // /sys is not there for it: what /proc says of the components counts.
  expect(md2!.components.map(({ component, states }) => [component, states])).toEqual([
    ['vdh', ['in_sync']],
    ['vdi', ['in_sync', 'write_mostly']],
  ]);
  expect(md3).toMatchObject({ degraded: null, members: null, metadata: '1.2' });
  expect(md127).toMatchObject({ members: null, metadata: 'external:imsm', size: 5288 * 1024 });
});

test("node_exporter's series: states, blocks in step, and no missing disks where there is no redundancy", async () => {
  const { reading } = await readTree(raid, { ...files, 'sys/block/md3/md/level': 'raid0\n', 'sys/block/md3/md/raid_disks': '2\n' });
  expect(samples(reading, 'node_md_state').filter((line) => line.endsWith(' 1'))).toEqual([
    'device=md0 state=active 1',
    'device=md1 state=recovering 1',
    'device=md2 state=resync 1',
    'device=md3 state=active 1',
    'device=md127 state=inactive 1',
  ]);
  expect(samples(reading, 'node_md_blocks_synced')).toEqual([
    'device=md0 1046528',
    'device=md1 873216',
    'device=md2 0',
    'device=md3 2093056',
    'device=md127 5288',
  ]);
  expect(samples(reading, 'node_md_degraded')).toEqual(['device=md0 0', 'device=md1 1', 'device=md3 0']);
});

test.each([
  ['check', '[>....]  check =  0.0% (0/1993728) finish=0.2min speed=114176K/sec', { action: 'check', done: 0, waiting: false }],
  ['reshape', '[>....]  reshape = 99.9% (10/11) finish=1234.5min speed=0K/sec', { action: 'reshape', remaining: 74_070, speed: 0 }],
  ['delayed', '\tresync=DELAYED', { action: 'resync', waiting: true, total: null }],
  ['of another machine', '\tresync=REMOTE', { waiting: true }],
])('a sync that is %s', (_, line, expected) => {
  const [array] = parseMdstat(`md9 : active raid1 a[0] b[1]\n      100 blocks [2/2] [UU]\n      ${line}\n\n`);
  expect(array!.sync).toMatchObject(expected);
});

test('no arrays, no md, no size', async () => {
  expect(parseMdstat('Personalities : \nunused devices: <none>\n')).toEqual([]);
  expect(await readTree(raid, {})).toEqual({ reading: [], gaps: [] });
  expect(() => parseMdstat('md0 : active raid1 a[0]\n')).toThrow(HecateError);
});

test('any bytes give arrays of finite numbers or an error of ours', () => {
  const line = fc.constantFrom(
    'md0 : active raid1 a[0] b[1](F)',
    'md1 : inactive',
    '      12 blocks super 1.2 [2/1] [U_]',
    '  resync = 5% (1/2)',
    '',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        anyText,
        fc.array(line).map((lines) => lines.join('\n')),
      ),
      (content) => {
        try {
          for (const array of parseMdstat(content)) expect(JSON.stringify(array)).not.toMatch(/NaN|Infinity/);
        } catch (error) {
          expect(error).toBeInstanceOf(HecateError);
        }
      },
    ),
  );
});

test('this machine: as many arrays as /proc/mdstat names', async () => {
  const host = openHost();
  let expected: string[] = [];
  try {
    expected = [...host.readText('/proc/mdstat').matchAll(/^(md\S+) :/gm)].map(([, name]) => name!);
  } catch (error) {
    // A kernel without md has no such file, and then there must be no array.
    expect((error as NodeJS.ErrnoException).code).toBe('ENOENT');
  }
  const { reading } = await readOnce(raid, host);
  expect(reading.map(({ device }) => device).sort()).toEqual(expected.sort());
});
