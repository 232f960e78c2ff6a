import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openHost } from '@hecate/host';
import type { PciDevice } from '../domain/pci.ts';
import { finish } from '../model/collector.ts';
import type { Sliced } from '../model/collector.ts';
import { collectGaps } from '../model/gap.ts';
import type { Gap } from '../model/gap.ts';
import { parsePciIds } from './pci/pci-ids.ts';
import { parseLinkSpeed, pci } from './pci.ts';
import { createTree } from './rooted-tree.testing.ts';
import { tree as files } from './trees/pci.testing.ts';

const readOnce = (reader: ReturnType<typeof pci.open>, gaps: Gap[] = []): readonly PciDevice[] =>
  finish(reader.read(collectGaps(gaps)) as Sliced<readonly PciDevice[]>);

test('devices, what is above them, their links, their state, their names', () => {
  const tree = createTree(files);
  const reader = pci.open(tree.host);
  const gaps: Gap[] = [];
  const rows = readOnce(reader, gaps);
  expect(readOnce(reader)).toEqual(rows);
  reader.close();
  tree.remove();
  expect(gaps).toEqual([]);
  expect(rows.map(({ address }) => address)).toEqual(['0000:00:02.1', '0000:00:1f.4', '0000:01:00.0', '0000:40:03.0']);
  const [bridge, plain, disk, card] = rows;
  expect(bridge).toMatchObject({ parent: null, driver: null, numaNode: null, linkWidth: 4, maxLinkWidth: 8, className: 'PCI bridge' });
  expect(plain).toMatchObject({ linkSpeed: null, powerState: null, d3coldAllowed: null, sriovFunctions: null, vendorName: null });
  // The class has a name where its subclass has none.
  expect(plain!.className).toBe('Serial bus controller');
  expect(disk).toEqual({
    address: '0000:01:00.0',
    segment: '0000',
    bus: '01',
    device: '00',
    function: '0',
    parent: '0000:00:02.1',
    classId: '0x010802',
    vendorId: '0xc0a9',
    deviceId: '0x540a',
    subsystemVendorId: '0xc0a9',
    subsystemDeviceId: '0x5021',
    revision: '0x01',
    className: 'Non-Volatile memory controller',
    vendorName: 'Micron/Crucial Technology',
    deviceName: 'P2 NVMe PCIe SSD',
    driver: 'nvme',
    numaNode: 1,
    linkSpeed: 2.5e9,
    maxLinkSpeed: 1.6e10,
    linkWidth: 4,
    maxLinkWidth: 4,
    powerState: 'D0',
    runtimeStatus: 'active',
    d3coldAllowed: true,
    sriovAutoprobe: true,
    sriovFunctions: 4,
    sriovMaxFunctions: 8,
    sriovInterrupts: 16,
  });
  expect(card).toMatchObject({ powerState: 'D3cold', runtimeStatus: 'suspended', linkSpeed: null, linkWidth: null, maxLinkWidth: 16 });
});

test('speeds of links', () => {
  expect(
    ['2.5 GT/s PCIe', '5.0 GT/s PCIe', '32.0 GT/s PCIe', '64.0 GT/s', 'Unknown', 'Unknown speed', '', null].map(parseLinkSpeed),
  ).toEqual([2.5e9, 5e9, 3.2e10, 6.4e10, null, null, null, null]);
});

test('a list of ids of any bytes gives names or none', () => {
  const wanted = new Set(['v1022', 'd10221634', 'c01', 's0108']);
  const pieces = fc.constantFrom('1022', '\t1634', '\t', '\t\t', 'C 01', '\t08', '  ', '\n', '#', 'name', '\u00ff', '\0');
  fc.assert(
    fc.property(fc.array(pieces), (parts) => {
      const bytes = Buffer.from(parts.join(''));
      const found = finish(parsePciIds(bytes, bytes.length, wanted));
      for (const key of found.keys()) expect(wanted.has(key)).toBe(true);
    }),
  );
});

const missing = spawnSync('lspci', ['-n']).status === 0 ? null : 'lspci is not installed, or sees no bus (apt-get install pciutils)';
if (missing) console.warn(`SKIPPED: PCI devices against lspci: ${missing}`);
test.skipIf(missing)('lspci sees the same devices', () => {
  const theirs = spawnSync('lspci', ['-Dn'], { encoding: 'utf8' }).stdout.trim().split('\n');
  const reader = pci.open(openHost());
  const ours = readOnce(reader).map(
    ({ address, classId, vendorId, deviceId, revision }) =>
      `${address} ${classId.slice(2, 6)}: ${vendorId.slice(2)}:${deviceId.slice(2)}${revision === '0x00' ? '' : ` (rev ${revision?.slice(2)})`}`,
  );
  reader.close();
  expect(ours).toEqual(theirs.map((line) => line.replace(/ \(prog-if.*\)$/, '')));
});
