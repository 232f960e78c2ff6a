import type { Tree } from '../rooted-tree.testing.ts';

/** A device of the bus; `below` is where it lies below /sys/devices. */
function device(below: string, files: Readonly<Record<string, string | number>>): Tree {
  const address = below.slice(below.lastIndexOf('/') + 1);
  return {
    [`sys/bus/pci/devices/${address}`]: { link: `../../../devices/${below}` },
    ...Object.fromEntries(Object.entries(files).map(([file, value]) => [`sys/devices/${below}/${file}`, `${value}\n`])),
  };
}

const link = (now: string, width: number, max: string, maxWidth: number): Record<string, string | number> => ({
  current_link_speed: now,
  current_link_width: width,
  max_link_speed: max,
  max_link_width: maxWidth,
});

/** A bridge, a disk that is linked slower than it could, a card that sleeps, and a device without a link. */
export const tree: Tree = {
  ...device('pci0000:00/0000:00:02.1', {
    class: '0x060400',
    vendor: '0x1022',
    device: '0x1634',
    subsystem_vendor: '0x17aa',
    subsystem_device: '0x5095',
    revision: '0x00',
    numa_node: -1,
    power_state: 'D0',
    d3cold_allowed: 1,
    ...link('8.0 GT/s PCIe', 4, '8.0 GT/s PCIe', 8),
  }),
  ...device('pci0000:00/0000:00:02.1/0000:01:00.0', {
    class: '0x010802',
    vendor: '0xc0a9',
    device: '0x540a',
    subsystem_vendor: '0xc0a9',
    subsystem_device: '0x5021',
    revision: '0x01',
    numa_node: 1,
    power_state: 'D0',
    'power/runtime_status': 'active',
    d3cold_allowed: 1,
    sriov_drivers_autoprobe: 1,
    sriov_numvfs: 4,
    sriov_totalvfs: 8,
    sriov_vf_total_msix: 16,
    ...link('2.5 GT/s PCIe', 4, '16.0 GT/s PCIe', 4),
  }),
  'sys/devices/pci0000:00/0000:00:02.1/0000:01:00.0/driver': { link: '../../../../bus/pci/drivers/nvme' },
  'sys/bus/pci/drivers/nvme/new_id': '',
  ...device('pci0000:40/0000:40:03.0', {
    class: '0x030000',
    vendor: '0x10de',
    device: '0x2684',
    subsystem_vendor: '0x10de',
    subsystem_device: '0x167c',
    revision: '0xa1',
    power_state: 'D3cold',
    'power/runtime_status': 'suspended',
    d3cold_allowed: 1,
    ...link('Unknown', 63, '16.0 GT/s PCIe', 16),
  }),
  ...device('pci0000:00/0000:00:1f.4', {
    class: '0x0c0500',
    vendor: '0x8086',
    device: '0xa123',
    subsystem_vendor: '0x0000',
    subsystem_device: '0x0000',
    revision: '0x31',
  }),
  'usr/share/misc/pci.ids': [
    '# A list of PCI ids, made for a test',
    '1022  Advanced Micro Devices, Inc. [AMD]',
    '\t1634  Renoir PCIe GPP Bridge',
    '\t\t17aa 5095  A subsystem that nobody asked about',
    '10de  NVIDIA Corporation',
    '\t2684  AD102 [GeForce RTX 4090]',
    'c0a9  Micron/Crucial Technology',
    '\t540a  P2 NVMe PCIe SSD',
    'C 01  Mass storage controller',
    '\t08  Non-Volatile memory controller',
    '\t\t02  NVM Express',
    'C 03  Display controller',
    '\t00  VGA compatible controller',
    'C 06  Bridge',
    '\t04  PCI bridge',
    'C 0c  Serial bus controller',
    '',
  ].join('\n'),
};
