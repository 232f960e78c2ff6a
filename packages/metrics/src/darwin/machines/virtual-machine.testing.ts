import { constant } from '../fake/abi.testing.ts';
import { disksOf, mountsOf } from '../fake/devices.testing.ts';
import { gpusOf } from '../fake/gpu.testing.ts';
import { merge } from '../fake/machine.testing.ts';
import type { FakeMachine } from '../fake/machine.testing.ts';
import { networkOf, protocolsOf, routesOf } from '../fake/network.testing.ts';
import { memoryOf, systemOf } from '../fake/system.testing.ts';
import { pagesOf } from './everyday.testing.ts';

const GIB = 2 ** 30;

/**
 * A virtual machine under Apple's virtualisation with macOS 26, as test runners are: no battery, no power sources, one kind of cores,
 * no power management table, no SMC and no HID sensors, no counters of a chip, no Wi-Fi, a GPU that says nothing of itself. Longer memory
 * statistics. Published: what it has not, its GPU. Made up: that swap and the list of processes are refused and that the disk counts
 * nothing. Nobody recorded it.
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
  memoryOf({ pages: pagesOf(5500), swap: null, pressure: null, isLonger: true }, 'arm64'),
  networkOf([{ name: 'en0', index: 5, type: constant('IFT_ETHER'), counters: { ifi_ibytes: 1_234_567, ifi_obytes: 7654, ifi_mtu: 1500 } }]),
  routesOf([{ to: '0.0.0.0/0', index: 5, router: '192.168.64.1', flags: ['UP'] }]),
  protocolsOf({ udp: { udps_ipackets: 5, udps_opackets: 4 }, ip: { ips_total: 90, ips_delivered: 89, ips_localout: 80 } }),
  // No properties but its class: nobody counts what it does.
  gpusOf([{ driver: 'AppleParavirtGPU', properties: {}, device: {} }]),
  mountsOf([{ source: '/dev/disk1s1', mountpoint: '/', type: 'apfs', blocks: 10_000_000, free: 1_000_000, device: 0x0100_0004 }]),
  disksOf([{ name: 'disk0', minor: 0, statistics: { 'Errors (Read)': 0 } }]),
  {
    time: 1_790_000_000,
    answers: {
      [`sysctl:${constant('CTL_KERN')}.${constant('KERN_PROC')}.${constant('KERN_PROC_ALL')}`]: { result: -1, error: constant('EPERM') },
    },
  },
);
