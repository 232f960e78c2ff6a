import { group } from '../model/field.ts';
import type { Group } from '../model/field.ts';

/** A virtual machine of QEMU that runs here, as its command line describes it. */
export interface GuestReading {
  /** `-name`; null where none was given. */
  readonly name: string | null;
  /** Process of QEMU. */
  readonly pid: number;
  readonly uuid: string | null;
  /** Bytes that it was started with. */
  readonly memory: number;
  /** Virtual processors that it was started with. */
  readonly cpus: number;
  /** `kvm`, `tcg` (emulation), `xen`, …: the first that it was allowed to use. */
  readonly accelerator: string;
  /** The architecture that it emulates: `x86_64`; null where the program's name does not say. */
  readonly architecture: string | null;
}

/** Fields of the `guests` collector. */
export const guestGroups = (): readonly Group<readonly GuestReading[]>[] => [
  group<readonly GuestReading[], GuestReading>({
    name: 'guests',
    source: '/proc/PID/comm, /proc/PID/cmdline',
    rows: (reading) => reading,
    labels: { name: 'name', pid: 'pid' },
    fields: [
      { key: 'name', kind: 'info', unit: 'none', help: 'Name of the virtual machine.', nullWhen: 'none was given' },
      { key: 'pid', kind: 'info', unit: 'none', help: 'Process of QEMU.' },
      { key: 'uuid', kind: 'info', unit: 'none', help: 'Its UUID.', nullWhen: 'none was given' },
      {
        key: 'memory',
        kind: 'gauge',
        unit: 'bytes',
        help: 'Memory that the virtual machine was started with.',
        prometheus: { name: 'hecate_guest_memory_bytes' },
      },
      {
        key: 'cpus',
        kind: 'gauge',
        unit: 'count',
        help: 'Processors that the virtual machine was started with.',
        prometheus: { name: 'hecate_guest_cpus' },
      },
      {
        key: 'accelerator',
        kind: 'info',
        unit: 'none',
        help: 'How its instructions run: kvm, or tcg for emulation.',
        prometheus: {
          name: 'hecate_guest_info',
          help: 'Virtual machines that run here.',
          properties: { accelerator: 'accelerator', architecture: 'architecture', uuid: 'uuid' },
        },
      },
      { key: 'architecture', kind: 'info', unit: 'none', help: 'What it emulates.', nullWhen: 'the name of the program does not say' },
    ],
  }),
];
