import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';

/** Where a PCI device is, in hexadecimal as the kernel writes it. */
export interface PciLocation {
  readonly segment: string;
  readonly bus: string;
  readonly device: string;
  readonly function: string;
}

/** One PCI device (kernel: Documentation/ABI/testing/sysfs-bus-pci). */
export interface PciDevice extends PciLocation {
  /** The kernel's name of it: `0000:01:00.0`. */
  readonly address: string;
  /** The bridge above it; null when it is on a root bus. */
  readonly parent: string | null;
  /** `0x010802`: class, subclass, programming interface. */
  readonly classId: string;
  readonly vendorId: string;
  readonly deviceId: string;
  readonly subsystemVendorId: string | null;
  readonly subsystemDeviceId: string | null;
  readonly revision: string | null;
  /** Names from the machine's list of PCI ids; null without one, or when it does not have them. */
  readonly className: string | null;
  readonly vendorName: string | null;
  readonly deviceName: string | null;
  /** Name of the driver; null when none drives it. */
  readonly driver: string | null;
  /** NUMA node that it is next to; null when the firmware does not say. */
  readonly numaNode: number | null;
  /** Transfers per second of a lane, now and at most; null when it has no PCI Express link. */
  readonly linkSpeed: number | null;
  readonly maxLinkSpeed: number | null;
  /** Lanes, now and at most. */
  readonly linkWidth: number | null;
  readonly maxLinkWidth: number | null;
  /** `D0` is on, `D3hot` and `D3cold` are asleep; null on kernels before 5.11. */
  readonly powerState: string | null;
  /** `active`, `suspended`, … of runtime power management. */
  readonly runtimeStatus: string | null;
  /** Whether it may be switched off altogether. */
  readonly d3coldAllowed: boolean | null;
  /** Virtual functions: whether drivers take them, how many there are, can be, and their interrupts. Null: it has none. */
  readonly sriovAutoprobe: boolean | null;
  readonly sriovFunctions: number | null;
  readonly sriovMaxFunctions: number | null;
  readonly sriovInterrupts: number | null;
}

/** States that node_exporter makes a series of. */
export const PCI_POWER_STATES = ['D0', 'D1', 'D2', 'D3hot', 'D3cold', 'unknown', 'error'] as const;

interface PciInfo extends PciDevice {
  readonly parentSegment: string;
  readonly parentBus: string;
  readonly parentDevice: string;
  readonly parentFunction: string;
}

/** `0000:01:00.0` in its parts; null for anything else. */
export function parsePciAddress(address: string): PciLocation | null {
  const [, segment, bus, device, fn] = /^([\da-f]{4,8}):([\da-f]{2}):([\da-f]{2})\.([\da-f])$/i.exec(address) ?? [];
  return segment && bus && device && fn ? { segment, bus, device, function: fn } : null;
}

function infoOf(row: PciDevice): PciInfo {
  const parent = row.parent === null ? null : parsePciAddress(row.parent);
  return {
    ...row,
    parentSegment: parent?.segment ?? '*',
    parentBus: parent?.bus ?? '*',
    parentDevice: parent?.device ?? '*',
    parentFunction: parent?.function ?? '*',
  };
}

const LABELS = { segment: 'segment', bus: 'bus', device: 'device', function: 'function' } as const;
const SOURCE = '/sys/bus/pci/devices/*';
const UNSAID = 'the device or the kernel does not say';

const gauge = (key: keyof PciDevice & string, name: string, unit: Field<PciDevice>['unit'], help: string): Field<PciDevice> => ({
  key,
  kind: 'gauge',
  unit,
  help,
  nullWhen: UNSAID,
  prometheus: { name: `node_pcidevice_${name}` },
});

/** Fields of the `pci` collector. */
export const pciGroups = (): readonly Group<readonly PciDevice[]>[] => [
  group<readonly PciDevice[], PciInfo>({
    name: 'pci.info',
    json: 'pci[]',
    source: SOURCE,
    rows: (reading) => reading.map(infoOf),
    labels: LABELS,
    fields: [
      {
        key: 'vendorId',
        kind: 'info',
        unit: 'none',
        help: 'What the device is.',
        prometheus: {
          name: 'node_pcidevice_info',
          properties: {
            parent_segment: 'parentSegment',
            parent_bus: 'parentBus',
            parent_device: 'parentDevice',
            parent_function: 'parentFunction',
            class_id: 'classId',
            vendor_id: 'vendorId',
            device_id: 'deviceId',
            subsystem_vendor_id: 'subsystemVendorId',
            subsystem_device_id: 'subsystemDeviceId',
            revision: 'revision',
          },
        },
      },
    ],
  }),
  group<readonly PciDevice[], PciDevice>({
    name: 'pci',
    source: SOURCE,
    rows: (reading) => reading,
    labels: LABELS,
    fields: [
      { key: 'className', kind: 'info', unit: 'none', help: 'Name of its class.', nullWhen: 'there is no list of PCI ids' },
      { key: 'vendorName', kind: 'info', unit: 'none', help: 'Name of its maker.', nullWhen: 'there is no list of PCI ids' },
      { key: 'deviceName', kind: 'info', unit: 'none', help: 'Name of the device.', nullWhen: 'there is no list of PCI ids' },
      { key: 'driver', kind: 'info', unit: 'none', help: 'Name of its driver.', nullWhen: 'none drives it' },
      { key: 'runtimeStatus', kind: 'info', unit: 'none', help: 'State of runtime power management.', nullWhen: UNSAID },
      gauge('numaNode', 'numa_node', 'none', 'NUMA node that it is next to.'),
      gauge('linkSpeed', 'current_link_transfers_per_second', 'count/second', 'Transfers per second of a lane now.'),
      gauge('maxLinkSpeed', 'max_link_transfers_per_second', 'count/second', 'Transfers per second of a lane at most.'),
      gauge('linkWidth', 'current_link_width', 'count', 'Lanes in use.'),
      gauge('maxLinkWidth', 'max_link_width', 'count', 'Lanes at most.'),
      gauge('d3coldAllowed', 'd3cold_allowed', 'none', 'Whether it may be switched off altogether.'),
      gauge('sriovAutoprobe', 'sriov_drivers_autoprobe', 'none', 'Whether drivers take its virtual functions.'),
      gauge('sriovFunctions', 'sriov_numvfs', 'count', 'Virtual functions that are switched on.'),
      gauge('sriovMaxFunctions', 'sriov_totalvfs', 'count', 'Virtual functions that it can have.'),
      gauge('sriovInterrupts', 'sriov_vf_total_msix', 'count', 'Interrupts that its virtual functions share.'),
      ...PCI_POWER_STATES.map((state): Field<PciDevice> => ({
        key: 'powerState',
        kind: 'gauge',
        unit: 'none',
        help: 'Whether it is in this state of power.',
        nullWhen: 'the kernel is older than 5.11',
        prometheus: {
          name: 'node_pcidevice_power_state',
          labels: { state },
          value: (row) => (row.powerState === null ? null : Number(row.powerState === state)),
        },
      })),
    ],
  }),
];
