import { constant } from '../fake/abi.testing.ts';
import { batteryOf, disksOf, mountsOf, networkOf } from '../fake/devices.testing.ts';
import { merge } from '../fake/machine.testing.ts';
import type { FakeMachine } from '../fake/machine.testing.ts';
import { processesOf } from '../fake/processes.testing.ts';
import { memoryOf, systemOf } from '../fake/system.testing.ts';

const GIB = 2 ** 30;
const BOOTED = 1_789_000_000;

/**
 * A MacBook Pro of 2019 (Intel Core i7-9750H, 16 GB) with macOS 12.7, charging. The processor and its caches are the published ones;
 * what changes while a machine runs is made up. Nobody recorded it.
 */
export const intelLaptop: FakeMachine = merge(
  systemOf({
    ...{ release: '21.6.0', product: '12.7.5', build: '21H1222', model: 'MacBookPro16,1', machine: 'x86_64' },
    ...{ brand: 'Intel(R) Core(TM) i7-9750H CPU @ 2.60GHz', memory: 16 * GIB, cores: 6, threads: 12, booted: BOOTED, load: [4, 3, 2] },
    levels: null,
    ticks: Array.from({ length: 12 }, (_, cpu) => [200 * cpu, 100 * cpu, 1_000_000, 7] as const),
    intel: {
      ...{ 'machdep.cpu.family': 6, 'machdep.cpu.model': 158, 'machdep.cpu.stepping': 10, 'machdep.cpu.microcode_version': 244 },
      'hw.l3cachesize': 12 * 1024 * 1024,
    },
  }),
  memoryOf(
    {
      pages: { free_count: 500_000, active_count: 1_200_000, inactive_count: 1_150_000, wire_count: 800_000, external_page_count: 900_000 },
      swap: [0, 0, 0],
      pressure: 1,
    },
    'x86_64',
  ),
  networkOf([{ name: 'en0', index: 4, type: constant('IFT_ETHER'), counters: { ifi_ibytes: 5000, ifi_obytes: 6000 } }]),
  mountsOf([
    { source: '/dev/disk1s5s1', mountpoint: '/', type: 'apfs', blocks: 122_000_000, free: 30_000_000, device: 0x0100_0008, flags: 1 },
  ]),
  disksOf([
    {
      name: 'disk0',
      minor: 0,
      statistics: {
        ...{ 'Bytes (Read)': 1_000_000, 'Bytes (Write)': 2_000_000, 'Operations (Read)': 10, 'Operations (Write)': 20 },
        ...{ 'Total Time (Read)': 5_000_000, 'Total Time (Write)': 6_000_000 },
      },
    },
  ]),
  batteryOf({
    ...{ BatteryInstalled: true, ExternalConnected: true, IsCharging: true, FullyCharged: false, CycleCount: 312 },
    ...{ CurrentCapacity: 4000, MaxCapacity: 8000, DesignCapacity: 8790, Voltage: 12_500, Amperage: 2000, Temperature: 3512 },
    ...{ TimeRemaining: 120, AvgTimeToEmpty: 65_535, AvgTimeToFull: 120, Manufacturer: 'SMP', DeviceName: 'bq20z451' },
    AdapterDetails: { Watts: 96, AdapterVoltage: 20_500, Name: '96W USB-C Power Adapter', Manufacturer: 'Apple Inc.' },
  }),
  {
    time: BOOTED + 1000,
    trees: { IOPSCopyPowerSourcesInfo: [{ Type: 'InternalBattery', 'Power Source State': 'AC Power', 'Is Charging': true }] },
  },
  processesOf([
    {
      ...{ pid: 77, ppid: 1, uid: 0, name: 'sleeper', started: BOOTED + 9.5 },
      task: { pti_total_user: 3_000_000_000, pti_total_system: 500_000_000, pti_resident_size: 4096, pti_threadnum: 1 },
      command: ['sleeper'],
    },
  ]),
);
