import { COLLECTOR_NAMES, CPU_MODES, PRESSURE_RESOURCES } from '@hecate/metrics';
import type {
  CollectorName,
  CoreTimes,
  CpuReading,
  CpuTimes,
  DiskReading,
  FilesystemReading,
  MemoryReading,
  NetworkReading,
  PressureReading,
  Snapshot,
  Stall,
} from '@hecate/metrics';
import type { Series } from './series.ts';

/** Whether a page has node_exporter's names: node_exporter's own, or hecate's. */
export function isNode(series: Series): boolean {
  const all = (...names: string[]): boolean => names.every((name) => series.has(name));
  return all('node_cpu_seconds_total') || all('node_memory_MemTotal_bytes') || all('node_load1', 'node_load5', 'node_load15');
}

/**
 * What a page in node_exporter's names says about a machine, as a snapshot: rates and rows then come from the same formulas as for
 * this machine. A counter that the page lacks is NaN, so that its rate is null. What a page does not hold as such (processes, host) is null.
 */
export function nodeSnapshot(series: Series, time: number, monotonic: number): Snapshot {
  const load = (name: string): number | null => series.value(name);
  const [load1, load5, load15] = [load('node_load1'), load('node_load5'), load('node_load15')];
  return {
    ...(Object.fromEntries(COLLECTOR_NAMES.map((name) => [name, null])) as Record<CollectorName, null>),
    time,
    monotonic,
    gaps: [],
    runs: [],
    cpu: cpuOf(series),
    load: load1 === null || load5 === null || load15 === null ? null : { load1, load5, load15, runnable: null, threads: null },
    pressure: pressureOf(series),
    memory: memoryOf(series),
    disk: disksOf(series),
    filesystem: rootOf(series),
    network: networkOf(series),
  };
}

function cpuOf(series: Series): CpuReading | null {
  const none = (): CpuTimes => ({
    user: 0,
    nice: 0,
    system: 0,
    idle: 0,
    iowait: null,
    irq: null,
    softirq: null,
    steal: null,
    guestUser: null,
    guestNice: null,
  });
  const cores = new Map<string, CoreTimes>();
  const total = none();
  for (const { labels, value } of series.all('node_cpu_seconds_total')) {
    const name = labels.get('cpu') ?? '';
    const mode = CPU_MODES.find((each) => each === labels.get('mode'));
    // Other systems than Linux have fewer modes; one that is not there is unknown.
    if (mode === undefined || !Number.isFinite(value)) continue;
    const core = cores.get(name) ?? { ...none(), cpu: Number(name) };
    core[mode] = value;
    total[mode] = (total[mode] ?? 0) + value;
    cores.set(name, core);
  }
  if (cores.size === 0) return null;
  return {
    total,
    cores: [...cores.values()],
    contextSwitches: series.value('node_context_switches_total'),
    interrupts: series.value('node_intr_total'),
    forks: series.value('node_forks_total'),
    procsRunning: series.value('node_procs_running'),
    procsBlocked: series.value('node_procs_blocked'),
    bootTime: series.value('node_boot_time_seconds'),
  };
}

function pressureOf(series: Series): PressureReading {
  const stall = (name: string): Stall | null => {
    const total = series.value(name);
    return total === null ? null : { total, avg10: Number.NaN, avg60: Number.NaN, avg300: Number.NaN };
  };
  return Object.fromEntries(
    PRESSURE_RESOURCES.map((resource) => [
      resource,
      {
        some: stall(`node_pressure_${resource}_waiting_seconds_total`),
        full: stall(`node_pressure_${resource}_stalled_seconds_total`),
      },
    ]),
  ) as unknown as PressureReading;
}

/** `whole` less `part`, never below 0; null when one of them is unknown. */
function less(whole: number | null, part: number | null): number | null {
  return whole === null || part === null ? null : Math.max(0, whole - part);
}

function memoryOf(series: Series): MemoryReading {
  const bytes = (name: string): number | null => series.value(`node_memory_${name}_bytes`);
  const [total, available, swapTotal, swapFree] = [bytes('MemTotal'), bytes('MemAvailable'), bytes('SwapTotal'), bytes('SwapFree')];
  return {
    total,
    available,
    swapTotal,
    swapFree,
    used: less(total, available),
    swapUsed: less(swapTotal, swapFree),
    free: bytes('MemFree'),
    buffers: bytes('Buffers'),
    cached: bytes('Cached'),
    shared: bytes('Shmem'),
    slabReclaimable: bytes('SReclaimable'),
    slabUnreclaimable: bytes('SUnreclaim'),
    active: bytes('Active'),
    inactive: bytes('Inactive'),
    dirty: bytes('Dirty'),
    writeback: bytes('Writeback'),
    anonymous: bytes('AnonPages'),
    mapped: bytes('Mapped'),
    pageTables: bytes('PageTables'),
    kernelStack: bytes('KernelStack'),
    committed: bytes('Committed_AS'),
    commitLimit: bytes('CommitLimit'),
    swapCached: bytes('SwapCached'),
    zfsCache: null,
    zfsCacheReclaimable: null,
    lines: [],
  };
}

/** Devices of these names are built from others, or are no disks. A page does not say how they are built, so names must do. */
const BUILT_DISK = /^(dm-|md|loop|z?ram|sr|fd|nbd|drbd|bcache|rbd)\d*/;

function disksOf(series: Series): DiskReading[] {
  const devices = new Set(
    ['node_disk_read_bytes_total', 'node_disk_written_bytes_total'].flatMap((name) =>
      series.all(name).map(({ labels }) => labels.get('device') ?? ''),
    ),
  );
  return [...devices].map((device): DiskReading => {
    const counter = (name: string): number => series.value(`node_disk_${name}`, { device }) ?? Number.NaN;
    return {
      device,
      major: 0,
      minor: 0,
      physical: !BUILT_DISK.test(device) && ![...devices].some((disk) => isPartition(device, disk)),
      reads: counter('reads_completed_total'),
      readsMerged: counter('reads_merged_total'),
      readBytes: counter('read_bytes_total'),
      readTime: counter('read_time_seconds_total'),
      writes: counter('writes_completed_total'),
      writesMerged: counter('writes_merged_total'),
      writeBytes: counter('written_bytes_total'),
      writeTime: counter('write_time_seconds_total'),
      inFlight: counter('io_now'),
      ioTime: counter('io_time_seconds_total'),
      weightedIoTime: counter('io_time_weighted_seconds_total'),
      discards: null,
      discardsMerged: null,
      discardSectors: null,
      discardTime: null,
      flushes: null,
      flushTime: null,
    };
  });
}

/** `sda1` of `sda`, `nvme0n1p2` of `nvme0n1`: a name that ends in a digit takes a `p` before the partition's number. */
function isPartition(device: string, disk: string): boolean {
  return device.startsWith(disk) && (/\d$/.test(disk) ? /^p\d+$/ : /^\d+$/).test(device.slice(disk.length));
}

function rootOf(series: Series): FilesystemReading[] {
  // Old kernels show a `rootfs` under the real one.
  const found = series
    .all('node_filesystem_size_bytes')
    .findLast(({ labels }) => labels.get('mountpoint') === '/' && labels.get('fstype') !== 'rootfs');
  if (!found) return [];
  const labels = Object.fromEntries(found.labels);
  const bytes = (name: string): number | null => series.value(`node_filesystem_${name}_bytes`, labels);
  const [size, free] = [bytes('size'), bytes('free')];
  return [
    {
      device: labels['device'] ?? '',
      mountpoint: '/',
      fstype: labels['fstype'] ?? '',
      major: 0,
      minor: 0,
      root: '/',
      readOnly: series.value('node_filesystem_readonly', labels) === 1,
      error: null,
      size,
      free,
      available: bytes('avail'),
      used: less(size, free),
      files: null,
      filesFree: null,
    },
  ];
}

/** Interfaces that carry what goes through another one as well; counting them would count it twice. They count where nothing else is. */
const BUILT_INTERFACE =
  /^(veth|docker|br-|br\d|virbr|vnet|tap|tun|wg|cni|cali|flannel|vxlan|lxc|bond|team|dummy|ifb|sit|gre|ip6tnl|utun|gif|stf|awdl|llw|bridge)|\./;

function networkOf(series: Series): NetworkReading[] {
  const devices = series
    .all('node_network_receive_bytes_total')
    .map(({ labels }) => labels.get('device') ?? '')
    .filter((device) => !/^lo\d*$/.test(device));
  return devices.map((device): NetworkReading => {
    const told = (name: string): number | null => series.value(`node_network_${name}_total`, { device });
    const counter = (name: string): number => told(name) ?? Number.NaN;
    return {
      device,
      index: series.value('node_network_iface_id', { device }),
      physical: !BUILT_INTERFACE.test(device),
      receiveBytes: counter('receive_bytes'),
      receivePackets: counter('receive_packets'),
      receiveErrors: counter('receive_errs'),
      receiveDrops: told('receive_drop'),
      receiveFifo: told('receive_fifo'),
      receiveFrame: told('receive_frame'),
      receiveCompressed: told('receive_compressed'),
      receiveMulticast: told('receive_multicast'),
      transmitBytes: counter('transmit_bytes'),
      transmitPackets: counter('transmit_packets'),
      transmitErrors: counter('transmit_errs'),
      transmitDrops: told('transmit_drop'),
      transmitFifo: told('transmit_fifo'),
      transmitCollisions: told('transmit_colls'),
      transmitCarrier: told('transmit_carrier'),
      transmitCompressed: told('transmit_compressed'),
    };
  });
}
