import { spawnSync } from 'node:child_process';
import { openHost } from '@hecate/host';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { volumesGroups } from '../domain/volumes.ts';
import { readOnce, readTree, samplesOf } from './storage/reading.testing.ts';
import { tree } from './trees/volumes.testing.ts';
import { splitVolumeName, volumeKind, volumes } from './volumes.ts';

test('logical volumes, encryption, thin pools, and what they are made of', async () => {
  const { reading, gaps } = await readTree(volumes, tree);
  expect(gaps).toEqual([]);
  expect(reading).toMatchObject([
    {
      device: 'dm-20',
      name: 'data--group-home--of--all',
      kind: 'lvm',
      volumeGroup: 'data-group',
      logicalVolume: 'home-of-all',
      layer: null,
      encryption: null,
      size: 1_073_741_824,
      readOnly: false,
      suspended: false,
      slaves: ['vdq2', 'vdq10'],
      holders: ['dm-21'],
    },
    {
      device: 'dm-21',
      kind: 'crypt',
      volumeGroup: null,
      encryption: 'LUKS2',
      readOnly: true,
      suspended: true,
      slaves: ['dm-20'],
      holders: [],
    },
    { device: 'dm-22', kind: 'lvm', volumeGroup: 'vg', logicalVolume: 'pool', layer: 'tpool', readOnly: null },
  ]);
  expect(samplesOf(volumesGroups(), reading, 'hecate_volume_slave_info')).toEqual([
    'device=dm-20 name=data--group-home--of--all slave=vdq2 1',
    'device=dm-20 name=data--group-home--of--all slave=vdq10 1',
    'device=dm-21 name=secret-files slave=dm-20 1',
  ]);
});

test.each([
  ['vg0-root', 'vg0', 'root', null],
  ['a--b-c--d', 'a-b', 'c-d', null],
  ['a----b-c', 'a--b', 'c', null],
  ['vg-snap-cow', 'vg', 'snap', 'cow'],
  ['alone', 'alone', null, null],
  ['', '', null, null],
  ['a-b-c-d', 'a', 'b', 'c'],
])('the name %s', (name, volumeGroup, logicalVolume, layer) => {
  expect(splitVolumeName(name)).toEqual({ volumeGroup, logicalVolume, layer });
});

test('what LVM puts together comes apart again', () => {
  const name = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,9}$/);
  fc.assert(
    fc.property(name, name, (group, volume) => {
      const joined = [group, volume].map((part) => part.replaceAll('-', '--')).join('-');
      expect(splitVolumeName(joined)).toMatchObject({ volumeGroup: group, logicalVolume: volume, layer: null });
    }),
  );
});

const missing = spawnSync('dmsetup', ['--version']).error ? 'dmsetup is not installed (apt-get install dmsetup)' : null;
if (missing) console.warn(`SKIPPED: names of LVM against dmsetup: ${missing}`);

test.skipIf(missing)('dmsetup takes names apart in the same way', () => {
  for (const name of ['vg0-root', 'a--b-c--d', 'a----b-c', 'vg-snap-cow', 'alone', 'a---b', 'vg-pool_tdata', 'a-b-c-d']) {
    const options = ['--noheadings', '--separator', '|', '-o', 'vg_name,lv_name,lv_layer'];
    const { stdout } = spawnSync('dmsetup', ['splitname', ...options, name, 'LVM'], { encoding: 'utf8' });
    const { volumeGroup, logicalVolume, layer } = splitVolumeName(name);
    expect([volumeGroup, logicalVolume ?? '', layer ?? ''].join('|')).toBe(stdout.trim());
  }
});

test('who made a device', () => {
  expect(['LVM-x', 'CRYPT-LUKS1-y', 'mpath-z', 'part3-mpath-z', 'DMRAID-isw', 'whatever', '', null].map(volumeKind)).toEqual([
    'lvm',
    'crypt',
    'multipath',
    'partition',
    'raid',
    'other',
    'other',
    'other',
  ]);
});

test('this machine: every dm device', async () => {
  const host = openHost();
  const { reading } = await readOnce(volumes, host);
  const expected = host.list('/sys/block').filter((name) => name.startsWith('dm-'));
  expect(reading.map(({ device }) => device).sort()).toEqual(expected.sort());
});
