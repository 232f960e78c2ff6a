import { group } from '../model/field.ts';
import type { Group } from '../model/field.ts';

/** What we run inside of, in the words of systemd-detect-virt(1). */
export interface VirtualizationReading {
  /** The innermost: a container in a virtual machine is a container. */
  readonly kind: 'none' | 'vm' | 'container';
  /** `kvm`, `vmware`, `microsoft`, `docker`, `lxc`, …; null on bare metal. */
  readonly technology: string | null;
  /** The container's engine; null outside of containers. */
  readonly container: string | null;
  /** The hypervisor, below a container too; null where there is none, or files do not tell. */
  readonly vm: string | null;
}

/** Fields of the `virtualization` collector. */
export const virtualizationGroups = (): readonly Group<VirtualizationReading>[] => [
  group<VirtualizationReading, VirtualizationReading>({
    name: 'virtualization',
    source: '/sys/class/dmi/id, /proc/cpuinfo, /sys/hypervisor, /proc/1/environ, /run/host/container-manager and others',
    rows: (reading) => [reading],
    fields: [
      {
        key: 'kind',
        kind: 'info',
        unit: 'none',
        help: 'Whether we run in a container, in a virtual machine, or in neither.',
        prometheus: {
          name: 'hecate_virtualization_info',
          help: 'What this system runs inside of.',
          properties: { kind: 'kind', technology: 'technology', container: 'container', vm: 'vm' },
        },
      },
      { key: 'technology', kind: 'info', unit: 'none', help: 'The innermost engine or hypervisor.', nullWhen: 'there is none' },
      { key: 'container', kind: 'info', unit: 'none', help: 'The engine of the container.', nullWhen: 'it is no container' },
      { key: 'vm', kind: 'info', unit: 'none', help: 'The hypervisor.', nullWhen: 'there is none, or files do not tell' },
    ],
  }),
];
