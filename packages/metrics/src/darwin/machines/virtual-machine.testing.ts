import { constant } from '../fake/abi.testing.ts';
import { disksOf, mountsOf } from '../fake/devices.testing.ts';
import { merge } from '../fake/machine.testing.ts';
import type { FakeMachine } from '../fake/machine.testing.ts';
import { networkOf } from '../fake/network.testing.ts';
import { memoryOf, systemOf } from '../fake/system.testing.ts';

const GIB = 2 ** 30;

/**
 * A virtual machine under Apple's virtualisation with macOS 26, as test runners are: no battery, no power sources, one kind of cores,
 * no power management table, no SMC. Longer memory statistics; swap and the list of processes are refused, and the disk counts nothing.
 */
export const virtualMachine: FakeMachine = merge(
  systemOf({
    ...{ release: '25.0.0', product: '26.0', build: '25A354', model: 'VirtualMac2,1', brand: 'Apple M2 Pro (Virtual)', machine: 'arm64' },
    ...{ memory: 7 * GIB, cores: 3, threads: 3, booted: 1_789_999_000, load: [0, 0, 0] },
    levels: [{ name: 'Standard', cores: 3, sharedBy: 3, kilobytes: [128, 64, 4096] }],
    ticks: [
      [1, 1, 100, 0],
      [1, 1, 100, 0],
      [1, 1, 100, 0],
    ],
  }),
  memoryOf(
    { pages: { free_count: 300_000, active_count: 60_000, wire_count: 40_000 }, swap: null, pressure: null, isLonger: true },
    'arm64',
  ),
  networkOf([{ name: 'en0', index: 5, type: constant('IFT_ETHER'), counters: { ifi_ibytes: 1 } }]),
  mountsOf([{ source: '/dev/disk1s1', mountpoint: '/', type: 'apfs', blocks: 10_000_000, free: 1_000_000, device: 0x0100_0004 }]),
  disksOf([{ name: 'disk0', minor: 0, statistics: { 'Errors (Read)': 0 } }]),
  {
    time: 1_790_000_000,
    answers: {
      [`sysctl:${constant('CTL_KERN')}.${constant('KERN_PROC')}.${constant('KERN_PROC_ALL')}`]: { result: -1, error: constant('EPERM') },
    },
  },
);
