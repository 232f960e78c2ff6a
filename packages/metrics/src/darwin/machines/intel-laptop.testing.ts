import { constant } from '../fake/abi.testing.ts';
import { batteryOf, disksOf, mountsOf } from '../fake/devices.testing.ts';
import { gpusOf } from '../fake/gpu.testing.ts';
import { int, long, merge } from '../fake/machine.testing.ts';
import type { FakeMachine } from '../fake/machine.testing.ts';
import { networkOf, protocolsOf, routesOf } from '../fake/network.testing.ts';
import { processesOf } from '../fake/processes.testing.ts';
import { smcOf } from '../fake/smc.testing.ts';
import { memoryOf, systemOf } from '../fake/system.testing.ts';
import { joinedWlan, NIL, wifiOf } from '../fake/wifi.testing.ts';

const GIB = 2 ** 30;
const BOOTED = 1_789_000_000;

/**
 * A MacBook Pro of 2019 (Intel Core i7-9750H, 16 GB, two GPUs) with macOS 12.7, read by root, charging. Published: the processor, its
 * cache and its frequencies, the GPUs, the charge that its battery is made for, its fans. Made up: a second card that is switched off, and
 * what changes while a machine runs. Nobody recorded it.
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
  { answers: { 'sysctl:hw.cpufrequency': long(2_600_000_000), 'sysctl:hw.cpufrequency_min': long(800_000_000) } },
  { answers: { 'sysctl:hw.cpufrequency_max': long(2_600_000_000) } },
  memoryOf(
    {
      pages: { free_count: 500_000, active_count: 1_200_000, inactive_count: 1_150_000, wire_count: 800_000, external_page_count: 900_000 },
      swap: [0, 0, 0],
      pressure: 1,
    },
    'x86_64',
  ),
  networkOf([
    {
      ...{ name: 'en5', index: 4, type: constant('IFT_ETHER'), hardware: 'f0:18:98:00:33:44' },
      counters: { ifi_ibytes: 5000, ifi_obytes: 6000, ifi_mtu: 1500, ifi_baudrate: 1_000_000_000 },
      media: { status: 3, active: 0x0010_0030 },
    },
    {
      ...{ name: 'en1', index: 6, type: constant('IFT_ETHER'), counters: { ifi_mtu: 1500, ifi_baudrate: 10_000_000_000 } },
      media: { status: 1, active: 0x22 },
    },
    {
      ...{ name: 'en0', index: 8, type: constant('IFT_ETHER'), hardware: 'f0:18:98:00:33:45', media: { status: 3, active: 0x80 } },
      counters: { ifi_ibytes: 7000, ifi_obytes: 8000, ifi_mtu: 1500 },
    },
  ]),
  // A program that may not know where the Mac is: networks have no names.
  wifiOf([{ ...joinedWlan, activePHYMode: 5, ssidData: NIL, bssid: NIL }]),
  routesOf([]),
  // As root: the kernel has them for nobody else.
  protocolsOf({
    tcp: {
      ...{ tcps_connattempt: 11, tcps_accepts: 12, tcps_drops: 13, tcps_conndrops: 14, tcps_rexmttimeo: 15, tcps_sndtotal: 1600 },
      ...{ tcps_sndrexmitpack: 17, tcps_rcvtotal: 1800, tcps_rcvbadsum: 1, tcps_rcvbadoff: 2, tcps_rcvshort: 3, tcps_rcvoopack: 19 },
      ...{ tcps_listendrop: 20, tcps_badrst: 21 },
    },
  }),
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
  // The bytes of its fans are those that a user of SMCKit published; the temperatures are made up.
  smcOf({
    keys: {
      F0Ac: ['flt ', Buffer.from('15cf6045', 'hex')],
      F0Md: ['ui8 ', 0],
      F0Mn: ['flt ', Buffer.from('0080e544', 'hex')],
      F0Mx: ['flt ', Buffer.from('0080af45', 'hex')],
      F0Tg: ['flt ', Buffer.from('00b06245', 'hex')],
      F1Ac: ['flt ', Buffer.from('cb785145', 'hex')],
      F1Md: ['ui8 ', 1],
      F1Mn: ['flt ', Buffer.from('0080d444', 'hex')],
      F1Mx: ['flt ', Buffer.from('0080a245', 'hex')],
      F1Tg: ['flt ', Buffer.from('00f05145', 'hex')],
      FNum: ['ui8 ', 2],
      PSTR: ['sp96', 41.5],
      TB0T: ['sp78', 34.5],
      TC0P: ['sp78', Buffer.from('2630', 'hex')],
      TC1C: ['sp78', 61],
      TC2C: ['sp78', 63.5],
      TCGC: ['sp78', 58],
      TG0D: ['sp78', 55.25],
      VD0R: ['sp4b', 5.5],
    },
  }),
  // The card as it is while a screen hangs on it; the second entry of its kind is made up.
  gpusOf([
    {
      driver: 'IntelAccelerator',
      properties: {
        PerformanceStatistics: { 'Device Utilization %': 7, 'In use system memory': 268_435_456, 'Alloc system memory': 536_870_912 },
      },
      device: { model: Buffer.from('Intel UHD Graphics 630\0'), 'vendor-id': Buffer.from('86800000', 'hex'), 'VRAM,totalMB': 1536 },
    },
    {
      driver: 'AMDRadeonX6000_AMDNavi14GraphicsAccelerator',
      properties: {
        ...{ 'VRAM,totalMB': 4096, AGCInfo: { poweredOffByAGC: 0 } },
        PerformanceStatistics: {
          ...{ 'GPU Activity(%)': 64, 'Device Utilization %': 63, vramUsedBytes: 2_147_483_648, vramFreeBytes: 2_147_483_648 },
          ...{ 'Temperature(C)': 71, 'Total Power(W)': 38, 'Core Clock(MHz)': 1250, 'Memory Clock(MHz)': 1500, gartUsedBytes: 33_554_432 },
          ...{ 'Fan Speed(%)': 35, 'Fan Speed(RPM)': 2100 },
        },
      },
      device: { model: Buffer.from('AMD Radeon Pro 5300M\0'), 'vendor-id': Buffer.from('02100000', 'hex') },
    },
    {
      driver: 'AMDRadeonX6000_AMDNavi14GraphicsAccelerator',
      properties: {
        AGCInfo: { poweredOffByAGC: 1 },
        PerformanceStatistics: { 'Temperature(C)': 128, 'GPU Activity(%)': 5, vramUsedBytes: 4096 },
      },
      device: { model: Buffer.from('AMD Radeon Pro 5300M\0'), 'vendor-id': Buffer.from('02100000', 'hex') },
    },
  ]),
  {
    time: BOOTED + 1000,
    answers: { 'notify:com.apple.system.thermalpressurelevel': long(2), 'sysctl:machdep.xcpm.cpu_thermal_level': int(34) },
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
