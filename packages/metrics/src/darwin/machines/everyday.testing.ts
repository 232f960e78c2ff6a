import { constant } from '../fake/abi.testing.ts';
import { disksOf, mountsOf } from '../fake/devices.testing.ts';
import { long, merge } from '../fake/machine.testing.ts';
import type { CfTree, FakeMachine } from '../fake/machine.testing.ts';
import { networkOf, protocolsOf, routesOf } from '../fake/network.testing.ts';
import type { FakeInterface } from '../fake/network.testing.ts';
import { accountsOf, energyCounted, processesOf } from '../fake/processes.testing.ts';
import type { FakeProcess } from '../fake/processes.testing.ts';
import { wifiOf } from '../fake/wifi.testing.ts';
import type { FakeWlan } from '../fake/wifi.testing.ts';

/** Mach ticks in a second on Apple silicon. */
const TICKS = 24_000_000;

/**
 * Pages of a machine that has been at work for a while, of which there are eighty times `share`: 51 are used as Activity Monitor counts,
 * 21 cached, 8 free.
 */
export const pagesOf = (share: number): Record<string, number> => ({
  ...{ free_count: 10 * share, active_count: 30 * share, inactive_count: 25 * share, wire_count: 10 * share },
  ...{ speculative_count: 2 * share, purgeable_count: share, external_page_count: 20 * share, internal_page_count: 35 * share },
  ...{ compressor_page_count: 5 * share, total_uncompressed_pages_in_compressor: 12 * share },
  ...{ pageins: 6_000_000, pageouts: 7000, faults: 80_000_000, compressions: 900_000, decompressions: 500_000, swapins: 30, swapouts: 40 },
});

/** The process of the user who looks. */
export interface FakeWork {
  readonly pid: number;
  readonly name: string;
  /** Seconds of CPU: as itself, and in the kernel. */
  readonly cpu: readonly [user: number, system: number];
  readonly footprint: number;
  /** Joules that the CPUs took for it. */
  readonly joules: number;
}

/** What a Mac of Apple silicon has beside its chip and its sensors, where it differs from others; all of it is made up. */
export interface EverydayMac {
  /** Seconds since the epoch. */
  readonly booted: number;
  readonly interfaces: readonly FakeInterface[];
  /** The number of the interface that leads into the world. */
  readonly leads: number;
  readonly wlan: readonly FakeWlan[];
  /** Of the SSD. */
  readonly read: readonly [bytes: number, operations: number, seconds: number];
  readonly written: readonly [bytes: number, operations: number, seconds: number];
  /** Blocks of 4 KiB of the container that all volumes share. */
  readonly container: readonly [blocks: number, free: number];
  /** Level of the thermal pressure, from 0. */
  readonly pressure: number;
  /** What the power sources say; none on a desktop. */
  readonly sources: readonly CfTree[];
  readonly work: FakeWork;
  /** Who looks is root, for whom the kernel has what it keeps from others. */
  readonly asRoot?: boolean;
}

/** An Ethernet or Wi-Fi interface. Active ones have a link. */
export const linkOf = (
  name: string,
  index: number,
  kind: 'gigabit' | 'wifi',
  counted: {
    readonly bytes: readonly [received: number, sent: number];
    readonly packets: readonly [received: number, sent: number];
  } | null,
): FakeInterface => ({
  ...{ name, index, type: constant('IFT_ETHER'), hardware: `3c:22:fb:00:00:${String(index).padStart(2, '0')}` },
  media: { status: counted ? 3 : 1, active: kind === 'wifi' ? 0x80 : counted ? 0x0010_0030 : 0x22 },
  ...(counted ? { addresses: [{ address: '192.168.7.30/24', other: '192.168.7.255' }] } : {}),
  counters: {
    ...{ ifi_mtu: 1500, ifi_baudrate: kind === 'wifi' ? 0 : 1_000_000_000 },
    ...(counted
      ? {
          ...{ ifi_ibytes: counted.bytes[0], ifi_obytes: counted.bytes[1] },
          ...{ ifi_ipackets: counted.packets[0], ifi_opackets: counted.packets[1] },
        }
      : {}),
  },
});

/** What every Mac runs; their figures only root is told. */
function processesAround({ booted, work, asRoot = false }: EverydayMac): FakeProcess[] {
  const [user, system] = work.cpu;
  const told = { pti_virtual_size: 4e11, pti_faults: 5000, pti_pageins: 30, pti_priority: 31 };
  const others = asRoot
    ? { ...told, pti_total_user: 5 * TICKS, pti_total_system: 7 * TICKS, pti_resident_size: 20_000_000, pti_threadnum: 4 }
    : null;
  const counted = asRoot ? { resources: { ri_phys_footprint: 30_000_000, ri_diskio_bytesread: 8192, ri_diskio_byteswritten: 4096 } } : {};
  return [
    { pid: 0, ppid: 0, uid: 0, name: 'kernel_task', started: booted + 0.25, task: others, ...counted },
    { pid: 1, ppid: 0, uid: 0, name: 'launchd', started: booted + 0.75, task: others, ...counted, path: '/sbin/launchd' },
    { pid: 391, ppid: 1, uid: 88, name: 'WindowServer', started: booted + 4, task: others, ...counted },
    {
      ...{ pid: work.pid, ppid: 1, uid: 501, name: work.name, started: booted + 60, path: `/usr/local/bin/${work.name}` },
      task: {
        ...{ ...told, pti_total_user: user * TICKS, pti_total_system: system * TICKS, pti_resident_size: work.footprint / 2 },
        pti_threadnum: 8,
      },
      resources: {
        ...{ ri_phys_footprint: work.footprint, ri_diskio_bytesread: 4096, ri_diskio_byteswritten: 12_288 },
        ...{ ri_energy_nj: work.joules * 1e9, ri_penergy_nj: work.joules * 5e8 },
      },
      command: [work.name, '--all'],
    },
  ];
}

/** Everything of a Mac of Apple silicon but its chip, its sensors and its battery. */
export function everydayOf(mac: EverydayMac): FakeMachine {
  const { interfaces, leads, wlan, read, written, container, pressure, sources, asRoot } = mac;
  const [blocks, free] = container;
  const volume = { type: 'apfs', blocks, free, files: 400_000 };
  return merge(
    networkOf([
      {
        ...{ name: 'lo0', index: 1, type: constant('IFT_LOOP'), addresses: [{ address: '127.0.0.1/8' }, { address: '::1/128' }] },
        counters: { ifi_ibytes: 64_000, ifi_obytes: 64_000, ifi_ipackets: 800, ifi_opackets: 800, ifi_mtu: 16_384 },
        flags: ['UP', 'LOOPBACK', 'RUNNING', 'MULTICAST'],
      },
      ...interfaces,
    ]),
    wifiOf(wlan),
    routesOf([
      { to: '0.0.0.0/0', index: leads, router: '192.168.7.1', flags: ['UP'] },
      { to: '192.168.7.0/24', index: leads, flags: ['UP'] },
    ]),
    protocolsOf({
      ...(asRoot ? { tcp: { tcps_connattempt: 40, tcps_sndtotal: 9000, tcps_sndrexmitpack: 9, tcps_rcvtotal: 8000 } } : {}),
      ...{ udp: { udps_ipackets: 500, udps_opackets: 400 }, ip: { ips_total: 9000, ips_delivered: 8900, ips_localout: 9400 } },
    }),
    mountsOf([
      { ...volume, source: '/dev/disk3s1s1', mountpoint: '/', device: 0x0100_000f, flags: 1 },
      { source: 'devfs', mountpoint: '/dev', type: 'devfs', blocks: 400, free: 0, device: 0x2000_0001 },
      { ...volume, source: '/dev/disk3s5', mountpoint: '/System/Volumes/Data', device: 0x0100_0011 },
    ]),
    disksOf([
      {
        ...{ name: 'disk0', minor: 0 },
        statistics: {
          ...{ 'Bytes (Read)': read[0], 'Operations (Read)': read[1], 'Total Time (Read)': read[2] * 1e9 },
          ...{ 'Bytes (Write)': written[0], 'Operations (Write)': written[1], 'Total Time (Write)': written[2] * 1e9 },
        },
      },
    ]),
    { answers: { 'notify:com.apple.system.thermalpressurelevel': long(pressure) }, trees: { IOPSCopyPowerSourcesInfo: sources } },
    accountsOf({ 0: 'root', 88: '_windowserver', 501: 'ada' }),
    energyCounted(true),
    processesOf(processesAround(mac)),
  );
}

/** What the power sources say of the battery of a laptop: `AC Power`, `Battery Power`. */
export const laptopSources = (state: 'AC Power' | 'Battery Power', percent: number): readonly CfTree[] => [
  { Type: 'InternalBattery', 'Power Source State': state, 'Current Capacity': percent, 'Max Capacity': 100, 'Is Present': true },
];
