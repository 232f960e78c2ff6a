import { constant } from '../fake/abi.testing.ts';
import { batteryOf, disksOf, mountsOf } from '../fake/devices.testing.ts';
import { chipOf, energyOf } from '../fake/chip.testing.ts';
import { gpuLimit, gpusOf, statesOfGpu } from '../fake/gpu.testing.ts';
import { long, merge } from '../fake/machine.testing.ts';
import type { FakeMachine } from '../fake/machine.testing.ts';
import { networkOf, protocolsOf, routesOf } from '../fake/network.testing.ts';
import { idleWlan, joinedWlan, wifiOf } from '../fake/wifi.testing.ts';
import { accountsOf, energyCounted, processesOf } from '../fake/processes.testing.ts';
import { hidOf, smcOf } from '../fake/smc.testing.ts';
import { memoryOf, systemOf } from '../fake/system.testing.ts';
import { M1 } from './chips.testing.ts';

const GIB = 2 ** 30;
const ETHERNET = constant('IFT_ETHER');
const BOOTED = 1_789_900_000;

/**
 * A MacBook Air of 2020 (Apple M1 with a GPU of 8 cores, 8 GB) with macOS 14.5, on its battery, without a fan. Published: cores, caches,
 * the steps of the frequencies, the battery of 49.9 Wh, which temperatures its controller has and which the HID sensors. Made up: what
 * changes while a machine runs. Nobody recorded it.
 */
export const m1Laptop: FakeMachine = merge(
  systemOf({
    ...{ release: '23.5.0', product: '14.5', build: '23F79', model: 'MacBookAir10,1', brand: 'Apple M1', machine: 'arm64' },
    ...{ memory: 8 * GIB, cores: 8, threads: 8, booted: BOOTED, load: [2.5, 2.25, 1.75] },
    levels: [
      { name: 'Performance', cores: 4, sharedBy: 4, kilobytes: [192, 128, 12 * 1024] },
      { name: 'Efficiency', cores: 4, sharedBy: 4, kilobytes: [128, 64, 4 * 1024] },
    ],
    ticks: Array.from({ length: 8 }, (_, cpu) => [1000 + cpu, 500 + cpu, 90_000 + cpu, cpu] as const),
  }),
  // Steps of the frequencies are the published ones.
  chipOf(M1, 'Hz', { gpu: [396, 528, 720, 924, 1128, 1278], energy: energyOf({ cpu: 4000, gpu: 900.5, ane: 12, dram: 700 }) }),
  memoryOf(
    {
      pages: {
        ...{ free_count: 20_000, active_count: 120_000, inactive_count: 110_000, wire_count: 90_000, speculative_count: 5000 },
        ...{ purgeable_count: 4000, external_page_count: 70_000, internal_page_count: 160_000, compressor_page_count: 95_000 },
        ...{ total_uncompressed_pages_in_compressor: 260_000, pageins: 5_000_000_000, pageouts: 40_000, faults: 900_000_000 },
        ...{ compressions: 12_000_000, decompressions: 9_000_000, swapins: 1000, swapouts: 3000 },
      },
      swap: [2 * GIB, 1.5 * GIB, 0.5 * GIB],
      pressure: 2,
    },
    'arm64',
  ),
  networkOf([
    {
      name: 'lo0',
      index: 1,
      type: constant('IFT_LOOP'),
      counters: { ifi_ibytes: 900_000, ifi_obytes: 900_000, ifi_ipackets: 5000, ifi_opackets: 5000, ifi_mtu: 16_384 },
      flags: ['UP', 'LOOPBACK', 'RUNNING', 'MULTICAST'],
      addresses: [{ address: '127.0.0.1/8' }, { address: '::1/128' }, { address: 'fe80::1/64' }],
    },
    {
      ...{ name: 'en0', index: 12, type: ETHERNET, queueDrops: 3, hardware: 'a4:83:e7:00:11:22', media: { status: 3, active: 0x80 } },
      addresses: [
        { address: '192.168.1.20/24', other: '192.168.1.255' },
        { address: 'fe80::1c2a:aabb:cc00:1122/64' },
        { address: '2001:db8:17::20/64' },
      ],
      counters: {
        ...{ ifi_ibytes: 123_456_789_012, ifi_obytes: 9_876_543_210, ifi_ipackets: 98_765_432, ifi_opackets: 12_345_678 },
        ...{ ifi_ierrors: 1, ifi_oerrors: 2, ifi_collisions: 4, ifi_imcasts: 5, ifi_iqdrops: 6, ifi_noproto: 8, ifi_mtu: 1500 },
      },
    },
    { name: 'awdl0', index: 14, type: ETHERNET, counters: { ifi_ibytes: 1025 }, exact: 'refused', flags: [] },
    {
      ...{ name: 'utun0', index: 16, type: constant('IFT_OTHER'), counters: { ifi_mtu: 1380 }, flags: ['UP', 'POINTOPOINT', 'RUNNING'] },
      addresses: [{ address: '10.8.0.2/32', other: '10.8.0.1' }],
    },
  ]),
  wifiOf([joinedWlan, idleWlan]),
  routesOf([
    { to: '0.0.0.0/0', index: 12, router: '192.168.1.1', flags: ['UP'] },
    { to: '0.0.0.0/0', index: 16, flags: ['UP', 'IFSCOPE'] },
    { to: '192.168.1.0/24', index: 12, flags: ['UP'] },
    { to: '192.168.1.1', index: 12, router: '192.168.1.1', flags: ['UP', 'HOST'], bare: true },
    { to: '::/0', index: 12, router: 'fe80::aabb', flags: ['UP'] },
    { to: '::/0', index: 16, router: 'fe80::1', flags: ['UP', 'IFSCOPE'] },
  ]),
  protocolsOf({
    udp: {
      udps_ipackets: 1000,
      udps_hdrops: 1,
      udps_badsum: 2,
      udps_badlen: 3,
      udps_noport: 40,
      udps_noportbcast: 50,
      udps_fullsock: 6,
      udps_opackets: 700,
    },
    ip: {
      ips_total: 90_000,
      ips_delivered: 80_000,
      ips_localout: 70_000,
      ips_badsum: 1,
      ips_noroute: 9,
      ips_fragdropped: 2,
      ips_fragtimeout: 3,
    },
    icmp: { icps_inhist: [5, 0, 0, 7], icps_outhist: [4, 0, 0, 2], icps_checksum: 1, icps_badcode: 2 },
  }),
  mountsOf([
    {
      source: '/dev/disk3s1s1',
      mountpoint: '/',
      type: 'apfs',
      blocks: 60_000_000,
      free: 20_000_000,
      files: 404_000,
      device: 0x0100_0012,
      flags: 1,
    },
    { source: 'devfs', mountpoint: '/dev', type: 'devfs', blocks: 400, free: 0, device: 0x2000_0001 },
    {
      source: '/dev/disk3s5',
      mountpoint: '/System/Volumes/Data',
      type: 'apfs',
      blocks: 60_000_000,
      free: 20_000_000,
      files: 2e9,
      device: 0x0100_0011,
    },
    { source: 'map auto_home', mountpoint: '/System/Volumes/Data/home', type: 'autofs', blocks: 0, free: 0, device: 0x2d00_0000 },
  ]),
  disksOf([
    {
      name: 'disk0',
      minor: 0,
      statistics: {
        ...{
          'Bytes (Read)': 700_000_000_000,
          'Bytes (Write)': 400_000_000_000,
          'Operations (Read)': 30_000_000,
          'Operations (Write)': 20_000_000,
        },
        ...{ 'Total Time (Read)': 9_000_000_000_000, 'Total Time (Write)': 1_500_000_000_000, 'Errors (Read)': 0 },
      },
    },
    {
      name: 'disk4',
      minor: 20,
      isImage: true,
      statistics: {
        ...{ 'Bytes (Read)': 4096, 'Bytes (Write)': 0, 'Operations (Read)': 1, 'Operations (Write)': 0 },
        ...{ 'Total Time (Read)': 1_000_000, 'Total Time (Write)': 0 },
      },
    },
  ]),
  batteryOf({
    ...{ BatteryInstalled: true, ExternalConnected: false, IsCharging: false, FullyCharged: false, CycleCount: 117 },
    ...{ CurrentCapacity: 83, MaxCapacity: 100, DesignCapacity: 4382, AppleRawCurrentCapacity: 3300, AppleRawMaxCapacity: 3987 },
    // The driver writes the current as an unsigned number.
    ...{
      Voltage: 12_000,
      Amperage: 18_446_744_073_709_550_616n,
      Temperature: 3049,
      TimeRemaining: 198,
      AvgTimeToEmpty: 198,
      AvgTimeToFull: 65_535,
    },
    ...{
      DeviceName: 'bq20z451',
      Serial: 'D86H000000A0',
      AdapterDetails: { FamilyCode: 0 },
      BatteryData: { Ra: [1, 2], Blob: Buffer.from('00ff', 'hex') },
    },
  }),
  {
    time: BOOTED + 86_400.25,
    trees: {
      IOPSCopyPowerSourcesInfo: [
        { Type: 'InternalBattery', 'Power Source State': 'Battery Power', 'Current Capacity': 83, 'Max Capacity': 100 },
      ],
    },
  },
  gpusOf([
    {
      driver: 'AGXAcceleratorG13G',
      properties: {
        ...{ model: 'Apple M1', 'gpu-core-count': 8, IOReportLegend: [{ IOReportGroupName: 'GPU Stats' }] },
        PerformanceStatistics: {
          ...{ 'Device Utilization %': 42, 'Renderer Utilization %': 40, 'Tiler Utilization %': 17, recoveryCount: 2 },
          ...{ 'In use system memory': 700_000_000, 'In use system memory (driver)': 12_345, 'Alloc system memory': 2_500_000_000 },
        },
      },
      clients: [
        { creator: 'pid 391, WindowServer', nanoseconds: [1_500_000_000_000, 500_000_000] },
        { creator: 'pid 501, Google, Chrome H', nanoseconds: [3_000_000_000] },
        { creator: 'pid 391, WindowServer', nanoseconds: [250_000_000] },
      ],
    },
  ]),
  statesOfGpu([80_000, 4000, 900, 300, 100, 50, 1050]),
  gpuLimit(6144),
  // It has no fan, and its controller says nothing of the GPU by the names that are known; a cluster of cores sleeps.
  smcOf({
    keys: {
      FNum: ['ui8 ', 0],
      PDTR: ['flt ', 0],
      PPBR: ['flt ', 6.5],
      PSTR: ['flt ', Buffer.from('606fde40', 'hex')],
      TB0T: ['flt ', 31.25],
      TB1T: ['flt ', 30.5],
      TCMb: ['flt ', 45.5],
      TCMz: ['flt ', 58.46875],
      TH0a: ['flt ', 33],
      TVA0: ['flt ', 29],
      TaLP: ['flt ', 28.5],
    },
    services: ['AppleSMCEndpoint', 'AppleSMCKeysEndpoint'],
  }),
  hidOf([
    { Product: 'eACC MTR Temp Sensor0', temperature: 41.5 },
    { Product: 'pACC MTR Temp Sensor0', temperature: 52.25 },
    { Product: 'pACC MTR Temp Sensor0', temperature: 47.5 },
    { Product: 'pACC MTR Temp Sensor1', temperature: -21.5 },
    { Product: 'GPU MTR Temp Sensor1', temperature: 44.5 },
    { Product: 'PMU tcal', temperature: 51.9 },
    { Product: 'NAND CH0 temp', temperature: 36.5 },
    { Product: 'gas gauge battery' },
  ]),
  { answers: { 'notify:com.apple.system.thermalpressurelevel': long(1) } },
  accountsOf({ 0: 'root', 501: 'jürgen' }),
  energyCounted(true),
  processesOf([
    { pid: 0, ppid: 0, uid: 0, name: 'kernel_task', started: BOOTED + 0.25, task: null },
    { pid: 1, ppid: 0, uid: 0, name: 'launchd', started: BOOTED + 0.75, task: null, path: '/sbin/launchd' },
    {
      ...{ pid: 501, ppid: 1, uid: 501, name: 'Google Chrome He', started: BOOTED + 3600.5, nice: -5 },
      task: {
        ...{ pti_virtual_size: 400 * GIB, pti_resident_size: 300_000_000, pti_total_user: 240_000_000, pti_total_system: 60_000_000 },
        ...{ pti_faults: 90_000, pti_pageins: 700, pti_csw: 123_456, pti_threadnum: 23, pti_numrunning: 2, pti_priority: 31 },
      },
      resources: {
        ri_phys_footprint: 500_000_000,
        ri_diskio_bytesread: 7_000_000,
        ri_diskio_byteswritten: 8_000_000,
        ri_billed_energy: 42,
        ri_energy_nj: 12_345_000_000,
        ri_penergy_nj: 11_000_000_000,
      },
      path: '/Applications/Google Chrome.app/Contents/Frameworks/Google Chrome Helper',
      command: ['/Applications/Google Chrome.app/Contents/Frameworks/Google Chrome Helper', '--type=renderer', 'ein Wort – zwei'],
    },
    { pid: 502, ppid: 501, uid: 501, name: 'gone', started: BOOTED + 3601 },
    { pid: 503, ppid: 501, uid: 501, name: 'defunct', started: BOOTED + 3602, state: constant('SZOMB'), task: null },
  ]),
);
