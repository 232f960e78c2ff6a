import { existsSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { openHost } from '@hecate/host';
import { must, ownNetworkMissing, withOwnInterfaces } from './actions/own-network.testing.ts';
import { createWritableTree } from './actions/tree-picture.testing.ts';
import type { TreeEntry, WritableTree } from './actions/tree-picture.testing.ts';
import { deviceOf } from './device.ts';

/** A device of a tree: its directory, its subsystem, and its files. */
function device(directory: string, subsystem: string, files: Readonly<Record<string, string>>): Record<string, TreeEntry> {
  const up = '../'.repeat(directory.split('/').length - 2);
  const made: Record<string, TreeEntry> = {
    [`/sys/class/${subsystem}/.keep`]: '',
    [`/sys/devices/${directory.slice('/sys/devices/'.length)}/subsystem`]: { link: `${up}class/${subsystem}` },
  };
  for (const [name, text] of Object.entries(files)) made[`${directory}/${name}`] = `${text}\n`;
  return made;
}

const SATA = '/sys/devices/pci0000:00/0000:00:1f.2/ata1/host0/target0:0:0/0:0:0:0';
const VIRTIO = '/sys/devices/pci0000:00/0000:00:05.0/virtio2';
const USB = '/sys/devices/pci0000:00/0000:00:14.0/usb1/1-4';

describe('devices of a tree', () => {
  let tree: WritableTree | undefined;
  afterEach(() => tree?.remove());
  const look = (files: Readonly<Record<string, TreeEntry>>, path: string): ReturnType<typeof deviceOf> => {
    tree?.remove();
    tree = createWritableTree(files);
    return deviceOf(tree.host, path);
  };

  test('a disk with a name that the maker gave it, by whichever path', () => {
    const files = {
      ...device(SATA, 'scsi', { wwid: 'naa.5000c500a1b2c3d4', model: 'ST4000' }),
      ...device(`${SATA}/block/sda`, 'block', { size: '7814037168', 'queue/scheduler': '[none]' }),
      ...device(`${SATA}/block/sda/sda1`, 'block', { partition: '1', 'holders/x': '' }),
      [`${SATA}/block/sda/device`]: { link: '../..' },
      '/sys/block/sda': { link: `..${`${SATA}/block/sda`.slice('/sys'.length)}` },
    };
    const is = { kind: 'block', id: 'wwid:naa.5000c500a1b2c3d4', name: 'sda' };
    expect(look(files, '/sys/block/sda/queue/scheduler')).toEqual(is);
    expect(deviceOf(tree!.host, `${SATA}/block/sda/queue/scheduler`)).toEqual(is);
    expect(deviceOf(tree!.host, `${SATA}/block/sda/sda1/holders/x`)).toEqual({ kind: 'block', id: `${is.id} partition 1`, name: 'sda1' });
  });

  test('a disk without a name is known by model, size and where it is plugged in', () => {
    const files = {
      ...device(VIRTIO, 'virtio', {}),
      ...device(`${VIRTIO}/block/vdb`, 'block', { size: '2048', serial: '', 'queue/nr_requests': '64' }),
      [`${VIRTIO}/block/vdb/device`]: { link: '../..' },
    };
    expect(look(files, `${VIRTIO}/block/vdb/queue/nr_requests`)?.id).toBe('model: size:2048 at pci0000:00/0000:00:05.0/virtio2');
  });

  test('a disk of software has its name alone, and so nothing to tell it by', () => {
    const loop = '/sys/devices/virtual/block/loop0';
    expect(look(device(loop, 'block', { size: '0', 'queue/scheduler': 'none' }), `${loop}/queue/scheduler`)).toBeNull();
    const mapped = '/sys/devices/virtual/block/dm-0';
    expect(look(device(mapped, 'block', { 'dm/uuid': 'LVM-abc', 'queue/scheduler': 'none' }), `${mapped}/queue/scheduler`)?.id).toBe(
      'uuid:LVM-abc',
    );
  });

  test.each([
    ['burned in', '0', 'mac:52:54:00:12:34:56'],
    ['given', '3', 'mac:52:54:00:12:34:56 at pci0000:00/0000:00:05.0/virtio2'],
  ])('an interface whose address is %s', (_words, type, id) => {
    const files = {
      ...device(VIRTIO, 'virtio', {}),
      ...device(`${VIRTIO}/net/eth0`, 'net', { address: '52:54:00:12:34:56', addr_assign_type: type, ifindex: '2', mtu: '1500' }),
      [`${VIRTIO}/net/eth0/device`]: { link: '../..' },
    };
    expect(look(files, `${VIRTIO}/net/eth0/mtu`)).toEqual({ kind: 'net', id, name: 'eth0' });
  });

  test('PCI and USB devices', () => {
    const pci = '/sys/devices/pci0000:00/0000:00:02.0';
    const ids = { vendor: '0x8086', device: '0x3e92', subsystem_vendor: '0x1043', subsystem_device: '0x8694', 'power/control': 'auto' };
    expect(look(device(pci, 'pci', ids), `${pci}/power/control`)).toEqual({
      kind: 'pci',
      id: '0x8086 0x3e92 0x1043 0x8694 at 0000:00:02.0',
      name: '0000:00:02.0',
    });
    const usb = {
      ...device(USB, 'usb', { idVendor: '046d', idProduct: 'c52b', serial: 'A1' }),
      ...device(`${USB}/1-4:1.0`, 'usb', { authorized: '1' }),
    };
    expect(look(usb, `${USB}/1-4:1.0/authorized`)).toEqual({ kind: 'usb', id: '046d:c52b serial:A1', name: '1-4' });
  });

  test('trees without links, what is no device, and what is not there', () => {
    const files = { '/sys/block/sda/queue/scheduler': 'none\n', '/sys/block/sda/wwid': 'eui.1\n', '/sys/kernel/mm/ksm/run': '0\n' };
    expect(look(files, '/sys/block/sda/queue/scheduler')).toEqual({ kind: 'block', id: 'wwid:eui.1', name: 'sda' });
    expect(deviceOf(tree!.host, '/sys/kernel/mm/ksm/run')).toBeNull();
    expect(deviceOf(tree!.host, '/sys/block/sdb/queue/scheduler')).toBeNull();
  });
});

test.skipIf(!existsSync('/sys/block/vda/serial'))('the disk of this machine', () => {
  const serial = readFileSync('/sys/block/vda/serial', 'utf8').replaceAll('\0', '').trim();
  const found = deviceOf(openHost(), '/sys/block/vda/queue/scheduler');
  expect(found).toMatchObject({ kind: 'block', name: 'vda' });
  if (serial) expect(found?.id).toBe(`serial:${serial}`);
});

const noNetwork = ownNetworkMissing();
if (noNetwork) console.warn(`SKIPPED: interfaces of our own: ${noNetwork}`);

test.skipIf(noNetwork)('an interface that took the place of another one of its name is another one', async () => {
  await withOwnInterfaces((host) => {
    const add = (): void => must('ip', 'link', 'add', 'veth9', 'type', 'veth', 'peer', 'name', 'peer9');
    add();
    const first = deviceOf(host, '/sys/class/net/veth9/mtu');
    expect(first).toMatchObject({ kind: 'net', name: 'veth9' });
    expect(deviceOf(host, '/sys/class/net/veth9/queues/tx-0/xps_cpus')).toEqual(first);
    must('ip', 'link', 'del', 'veth9');
    expect(deviceOf(host, '/sys/class/net/veth9/mtu')).toBeNull();
    add();
    expect(deviceOf(host, '/sys/class/net/veth9/mtu')?.id).not.toBe(first?.id);
  });
});
