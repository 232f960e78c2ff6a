import { spawnSync } from 'node:child_process';
import { openHost } from '@hecate/host';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blockGroups } from '../domain/block.ts';
import type { BlockReading } from '../domain/block.ts';
import { collectGaps } from '../model/gap.ts';
import type { Gap } from '../model/gap.ts';
import { block, describeBlock } from './block.ts';
import { createTree } from './rooted-tree.testing.ts';
import { anyText } from './storage/any-text.testing.ts';
import { parseUdevData } from './udev.ts';

const SDA = `S:disk/by-id/ata-QEMU_HARDDISK_QM00001
W:1
E:ID_ATA=1
E:ID_MODEL=QEMU_HARDDISK
E:ID_REVISION=2.5+
E:ID_SERIAL=QEMU_HARDDISK_QM00001
E:ID_SERIAL_SHORT=QM00001
E:ID_ATA_WRITE_CACHE=1
E:ID_ATA_WRITE_CACHE_ENABLED=0
E:ID_ATA_ROTATION_RATE_RPM=7200
E:ID_PATH=pci-0000:00:1f.2-ata-1
E:ID_FS_TYPE=
G:systemd
`;
const read = async (tree: ReturnType<typeof createTree>, gaps: Gap[] = []): Promise<readonly BlockReading[]> =>
  block.open(tree.host).read(collectGaps(gaps)) as readonly BlockReading[];

test('udev data: only properties, the value may hold =, empty is not said', () => {
  expect([...parseUdevData('E:A=b=c\nE:B=\nE:=x\nS:E:C=d\nE:D\nI:1\nE:F= x\r')]).toEqual([
    ['A', 'b=c'],
    ['F', ' x\r'],
  ]);
  fc.assert(fc.property(anyText, (text) => void parseUdevData(text)));
});

test('a disk, a mapped volume and a partition', async () => {
  const counters = '1 2 3 4 5 6 7 8 9 10 11';
  const tree = createTree({
    '/proc/diskstats': `8 0 sda ${counters}\n8 1 sda1 ${counters}\n253 0 dm-0 ${counters}\n7 0 loop0 0 0 0 0 0 0 0 0 0 0 0\n`,
    '/run/udev/data/b8:0': SDA,
    '/run/udev/data/b8:1': 'E:ID_FS_TYPE=ext4\nE:ID_FS_USAGE=filesystem\nE:ID_FS_UUID=3deafd0d\nE:ID_FS_VERSION=1.0\n',
    '/run/udev/data/b253:0': 'E:DM_NAME=system-root\nE:DM_UUID=LVM-NW\nE:DM_VG_NAME=system\nE:DM_LV_NAME=root\nE:ID_FS_TYPE=xfs\n',
    '/sys/block/sda/queue/rotational': '1\n',
    '/sys/block/sda/size': '2048\n',
    '/sys/class/block/sda1/size': '1024\n',
    '/sys/block/dm-0/queue/rotational': '0\n',
  });
  const gaps: Gap[] = [];
  const rows = await read(tree, gaps);
  tree.remove();
  expect(gaps).toEqual([]);
  expect(rows).toEqual([
    {
      device: 'sda',
      major: 8,
      minor: 0,
      model: 'QEMU_HARDDISK',
      serial: 'QM00001',
      revision: '2.5+',
      wwn: null,
      path: 'pci-0000:00:1f.2-ata-1',
      rotational: 1,
      size: 1_048_576,
      content: null,
      mapper: null,
      ata: { writeCache: 1, writeCacheEnabled: 0, rotationRate: 7200 },
    },
    {
      device: 'sda1',
      major: 8,
      minor: 1,
      model: null,
      serial: null,
      revision: null,
      wwn: null,
      path: null,
      rotational: 0,
      size: 524_288,
      content: { type: 'ext4', usage: 'filesystem', uuid: '3deafd0d', version: '1.0' },
      mapper: null,
      ata: null,
    },
    {
      device: 'dm-0',
      major: 253,
      minor: 0,
      model: null,
      serial: null,
      revision: null,
      wwn: null,
      path: null,
      rotational: 0,
      size: null,
      content: { type: 'xfs', usage: null, uuid: null, version: null },
      mapper: { name: 'system-root', uuid: 'LVM-NW', volumeGroup: 'system', logicalVolume: 'root', layer: null },
      ata: null,
    },
  ]);
  const series = (name: string): string[] =>
    [
      ...blockGroups()
        .find((group) => group.name === name)!
        .rows(rows),
    ].map((row) => (row as BlockReading).device);
  expect([series('block.content'), series('block.mapper'), series('block.ata')]).toEqual([['dm-0'], ['dm-0'], ['sda']]);
});

test('without udev nothing is known but what the kernel says, and that is no gap', async () => {
  const tree = createTree({ '/proc/diskstats': '254 0 vda 1 2 3 4 5 6 7 8 9 10 11\n', '/sys/block/vda/size': '8\n' });
  const gaps: Gap[] = [];
  expect(await read(tree, gaps)).toMatchObject([{ device: 'vda', model: null, size: 4096, rotational: 0 }]);
  expect(gaps).toEqual([]);
  tree.remove();
});

test('the serial number printed on the disk comes first', () => {
  const device = { device: 'sda', major: 8, minor: 0 };
  const serial = (text: string): string | null => describeBlock(device, parseUdevData(text), null, null).serial;
  expect(serial('E:ID_SERIAL=long\nE:ID_SERIAL_SHORT=short\nE:SCSI_IDENT_SERIAL=printed\n')).toBe('printed');
  expect(serial('E:ID_SERIAL=long\n')).toBe('long');
});

test('this machine: sizes are those of /sys', () => {
  const host = openHost();
  const rows = block.open(host).read(collectGaps([])) as readonly BlockReading[];
  for (const row of rows) if (row.size !== null) expect(row.size).toBe(Number(host.readText(`/sys/class/block/${row.device}/size`)) * 512);
});

const lsblk = spawnSync('lsblk', ['--bytes', '--json', '--list', '--output', 'NAME,MAJ:MIN,SIZE,ROTA,TYPE'], { encoding: 'utf8' });
const missing = lsblk.status === 0 ? null : `lsblk: ${lsblk.error?.message ?? lsblk.stderr}`;
if (missing) console.warn(`SKIPPED: block devices against lsblk: ${missing}`);

test.skipIf(missing)('this machine: lsblk sees the same devices', async () => {
  const rows = block.open(openHost()).read(collectGaps([])) as readonly BlockReading[];
  const { blockdevices } = JSON.parse(lsblk.stdout) as { blockdevices: Record<string, string | number | boolean>[] };
  const theirs = new Map(blockdevices.map((device) => [device['name'], device]));
  const compared = rows.flatMap((row) => {
    const their = theirs.get(row.device);
    // Loop devices come and go with other tests.
    return their && !/^(?:loop|zram)/.test(row.device) ? [{ row, their }] : [];
  });
  expect(compared.length).toBeGreaterThan(0);
  for (const { row, their } of compared) {
    expect([`${row.major}:${row.minor}`, row.size]).toEqual([their['maj:min'], their['size']]);
    if (their['type'] === 'disk') expect(row.rotational).toBe(Number(their['rota']));
  }
});
