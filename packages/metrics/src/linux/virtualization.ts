import { virtualizationGroups } from '../domain/virtualization.ts';
import type { VirtualizationReading } from '../domain/virtualization.ts';
import type { Collector } from '../model/collector.ts';
import { HecateError } from '@hecate/host';
import { detectContainer } from './virtual/container.ts';
import { createLook, isThere } from './virtual/look.ts';
import { detectMachine } from './virtual/machine.ts';

/** What we run inside of: containers and hypervisors. */
export const virtualization: Collector<'virtualization', VirtualizationReading> = {
  name: 'virtualization',
  lane: 'rare',
  sources: ['/sys/class/dmi/id', '/proc/cpuinfo', '/sys/hypervisor', '/proc/device-tree', '/proc/1/environ', '/proc/1/cgroup'],
  remedy: 'Run as root to read the environment of process 1, where container engines say who they are.',
  groups: virtualizationGroups,
  open(host) {
    const look = createLook(host);
    return {
      read() {
        // Without these nothing can be said, and nothing found would mean bare metal.
        if (look('/proc/cpuinfo') === null && !isThere(host, '/sys/class'))
          throw new HecateError('UNAVAILABLE', 'There is neither /proc/cpuinfo nor /sys to look at.');
        const container = detectContainer(host, look);
        const vm = detectMachine(host, look);
        return { kind: container ? 'container' : vm ? 'vm' : 'none', technology: container ?? vm, container, vm };
      },
      close: () => {},
    };
  },
};
