import { symlinkSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { openHost } from '@hecate/host';
import { expect, test } from 'vitest';
import { physicalDisks } from './physical-disk.ts';
import { createTree } from './rooted-tree.testing.ts';

test('each byte is counted once: only disks of their own', () => {
  const tree = createTree({
    '/sys/block/sda/size': '100\n',
    '/sys/block/nvme0n1/size': '100\n',
    '/sys/block/nvme0c0n1/size': '100\n',
    '/sys/block/cciss!c0d0/size': '1\n',
    '/sys/block/md127/slaves/sda1/dev': '8:1\n',
    '/sys/block/dm-0/slaves/md127/dev': '9:127\n',
    '/sys/block/rbd0/size': '8\n',
    '/sys/block/nbd0/size': '0\n',
    '/sys/block/nbd1/size': '2048\n',
    '/sys/block/zram0/size': '10\n',
    '/sys/block/loop3/size': '10\n',
    '/sys/block/vdx/slaves/sda/dev': '8:0\n',
    '/sys/class/block/sda1/partition': '1\n',
    '/sys/class/block/odd/partition': '3\n',
  });
  mkdirSync(path.join(tree.directory, 'sys/block/sda/slaves'));
  const devices = [
    'sda',
    'sda1',
    'odd',
    'nvme0n1',
    'nvme0c0n1',
    'nvme0n1p1',
    'cciss/c0d0',
    'cciss/c0d0p1',
    'md127',
    'md_d0',
    'dm-0',
    'rbd0',
    'nbd0',
    'nbd1',
    'zram0',
    'loop3',
    'ram0',
    'vdx',
    'bcache0',
    'zd16',
    'drbd1',
    'ublkb0',
  ];
  expect([...physicalDisks(tree.host, devices)]).toEqual(['sda', 'nvme0n1', 'cciss/c0d0', 'rbd0', 'nbd1']);
  tree.remove();
});

test('without /sys, names decide', () => {
  const tree = createTree({});
  const devices = [
    'sda',
    'sda1',
    'sda15',
    'vda',
    'vda2',
    'nvme0n1',
    'nvme0n1p2',
    'mmcblk0',
    'mmcblk0p1',
    'mmcblk0boot0',
    'sr0',
    'fd0',
    'dm-1',
    'md0',
    'sdb7',
  ];
  expect([...physicalDisks(tree.host, devices)]).toEqual(['sda', 'vda', 'nvme0n1', 'mmcblk0', 'mmcblk0boot0', 'sr0', 'fd0', 'sdb7']);
  tree.remove();
});

test('a link in /sys/block that leads nowhere does not matter', () => {
  const tree = createTree({ '/sys/block/sdb/size': '5\n' });
  symlinkSync('../devices/nowhere', path.join(tree.directory, 'sys/block/sda'));
  expect([...physicalDisks(tree.host, ['sda', 'sdb'])]).toEqual(['sda', 'sdb']);
  tree.remove();
});

test('this machine: what carries the root is counted, memory is not', () => {
  const host = openHost();
  const listed = host.list('/sys/block');
  const physical = physicalDisks(host, listed);
  for (const name of listed) if (/^(?:loop|ram|zram|dm-|md\d)/.test(name)) expect(physical.has(name), name).toBe(false);
  for (const name of listed) if (/^(?:sd[a-z]|vd[a-z]|nvme\d+n\d+)$/.test(name)) expect(physical.has(name), name).toBe(true);
});
