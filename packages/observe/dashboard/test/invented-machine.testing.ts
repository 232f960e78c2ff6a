import type { FilesystemReading } from '@hecate/metrics';
import { COLLECTOR_NAMES } from '@hecate/metrics';
import type { ProcessFrame, ProcessRow, SnapshotFacts } from '../src/api.ts';
import type { SeriesMeta } from '../src/series-store.ts';

/** What an invented machine has. */
export interface MachineShape {
  readonly cores: number;
  readonly processes: number;
  readonly disks: readonly string[];
  readonly interfaces: readonly string[];
  /** Temperature sensors. */
  readonly sensors: readonly string[];
  /** Graphics cards. */
  readonly cards: readonly string[];
  /** Whether names try to be HTML. */
  readonly hostile: boolean;
  /** Series that are never known. */
  readonly unknown: readonly string[];
}

const GIB = 2 ** 30;
const MEMORY = 24 * GIB;

/** A name that would run if it were ever taken for HTML. */
export const HOSTILE_NAME = `<img src=x onerror="globalThis.hacked=1">`;

/** A number from 0 to 1 that is always the same for the same arguments. */
function noise(seed: number, salt: number): number {
  const value = Math.sin(seed * 12.9898 + salt * 78.233) * 43_758.5453;
  return value - Math.floor(value);
}

/** A curve from 0 to 1 that moves slowly, with noise and bursts. */
function curve(time: number, salt: number, period: number): number {
  const slow = 0.5 + 0.5 * Math.sin((2 * Math.PI * time) / period + salt);
  const burst = noise(Math.floor(time / 23), salt) > 0.82 ? 0.5 : 0;
  return Math.min(1, 0.12 + 0.4 * slow + burst + 0.12 * noise(time, salt));
}

/** The values of every series at a time, and what the series are. */
export function inventedSeries(
  shape: MachineShape,
  time: number,
): { values: Record<string, number | null>; meta: Record<string, SeriesMeta> } {
  const values: Record<string, number | null> = {};
  const meta: Record<string, SeriesMeta> = {};
  const add = (id: string, unit: string, group: string, value: number | null, label = id): void => {
    values[id] = shape.unknown.includes(id) ? null : value;
    meta[id] = { unit, label, group };
  };
  const user = 42 * curve(time, 1, 300);
  const system = 14 * curve(time, 2, 190);
  const iowait = 9 * Math.max(0, curve(time, 3, 420) - 0.45);
  add('cpu_usage_percent', 'percent', 'cpu', user + system + 0.4);
  add('cpu_user_percent', 'percent', 'cpu', user);
  add('cpu_system_percent', 'percent', 'cpu', system);
  add('cpu_iowait_percent', 'percent', 'cpu', iowait);
  add('cpu_steal_percent', 'percent', 'cpu', 0.4);
  for (let core = 0; core < shape.cores; core++)
    add(
      `core.${core}.usage_percent`,
      'percent',
      'core',
      Math.min(100, 160 * curve(time, core + 5, 120 + core * 7) * curve(time, core + 40, 900)),
      `core ${core}`,
    );
  const used = MEMORY * (0.34 + 0.2 * curve(time, 4, 1400));
  add('memory_used', 'bytes', 'memory', used);
  add('memory_total', 'bytes', 'memory', MEMORY);
  add('memory_available', 'bytes', 'memory', MEMORY - used);
  add('memory_cached', 'bytes', 'memory', MEMORY * 0.3);
  add('memory_swap_used', 'bytes', 'memory', 0.6 * GIB + 0.2 * GIB * curve(time, 6, 2000));
  add('memory_swap_total', 'bytes', 'memory', 4 * GIB);
  for (const [index, id] of ['load1', 'load5', 'load15'].entries())
    add(id, 'load', 'load', shape.cores * (0.4 + 0.5 * curve(time, 8, 300 * (index + 1))));
  for (const [index, id] of ['cpu_some', 'memory_some', 'memory_full', 'io_some', 'io_full'].entries())
    add(`pressure_${id}_percent`, 'percent', 'pressure', [18, 1, 0.4, 8, 5][index]! * curve(time, 20 + index, 260));
  let read = 0;
  let write = 0;
  for (const [index, disk] of shape.disks.entries()) {
    const reads = 9e7 * Math.max(0, curve(time, 30 + index, 500) - 0.4);
    const writes = 3e7 * curve(time, 31 + index, 200);
    read += reads;
    write += writes;
    add(`disk.${disk}.read_bytes_per_second`, 'bytes/second', 'disk', reads, `${disk} read`);
    add(`disk.${disk}.write_bytes_per_second`, 'bytes/second', 'disk', writes, `${disk} written`);
    add(`disk.${disk}.utilization_percent`, 'percent', 'disk', 70 * curve(time, 32 + index, 230), `${disk} busy`);
  }
  add('disk_read_bytes_per_second', 'bytes/second', 'disk', read);
  add('disk_write_bytes_per_second', 'bytes/second', 'disk', write);
  add('disk_utilization_percent', 'percent', 'disk', 70 * curve(time, 32, 230));
  add('disk_read_latency_seconds', 'seconds', 'disk', read > 0 ? 0.0004 + 0.002 * curve(time, 33, 300) : null);
  add('disk_write_latency_seconds', 'seconds', 'disk', 0.001 + 0.004 * curve(time, 34, 260));
  for (const [index, device] of shape.interfaces.entries()) {
    add(
      `network.${device}.receive_bytes_per_second`,
      'bytes/second',
      'network',
      (index === 0 ? 6e6 : 4e4) * curve(time, 50 + index, 330),
      `${device} in`,
    );
    add(
      `network.${device}.transmit_bytes_per_second`,
      'bytes/second',
      'network',
      (index === 0 ? 1.5e6 : 4e4) * curve(time, 51 + index, 210),
      `${device} out`,
    );
  }
  add('network_receive_bytes_per_second', 'bytes/second', 'network', 6e6 * curve(time, 50, 330));
  add('network_transmit_bytes_per_second', 'bytes/second', 'network', 1.5e6 * curve(time, 51, 210));
  add('network_errors_per_second', 'count/second', 'network', 0);
  for (const [index, sensor] of shape.sensors.entries())
    add(`temperature.${sensor}.celsius`, 'celsius', 'sensors', 40 + 30 * curve(time, 70 + index, 500), sensor);
  if (shape.sensors.length > 0) add('fan.nct6775 fan1.rpm', 'rpm', 'sensors', 900 + 400 * curve(time, 80, 400), 'nct6775 fan1');
  for (const card of shape.cards) {
    add(`gpu.${card}.usage_percent`, 'percent', 'gpu', 90 * curve(time, 90, 200), `${card} usage`);
    add(`gpu.${card}.memory_used`, 'bytes', 'gpu', 9 * GIB * curve(time, 91, 600), `${card} memory used`);
    add(`gpu.${card}.power_watts`, 'watts', 'gpu', 250 * curve(time, 92, 200), `${card} power`);
  }
  for (const [mountpoint, share] of [
    ['/', 63],
    ['/srv/data', 96],
  ] as const)
    add(`filesystem.${mountpoint}.used_percent`, 'percent', 'disk', share + (time % 1000) / 1000, `${mountpoint} used`);
  add('context_switches_per_second', 'count/second', 'cpu', 22_000 * curve(time, 60, 280));
  add('processes_total', 'count', 'processes', shape.processes);
  add('processes_running', 'count', 'processes', Math.round(shape.cores * curve(time, 61, 120)));
  add('processes_blocked', 'count', 'processes', Math.round(2 * curve(time, 62, 170)));
  add('threads_total', 'count', 'processes', shape.processes * 3);
  add('root_filesystem_used_percent', 'percent', 'other', 61);
  return { values, meta };
}

const PROGRAMS = [
  'node',
  'postgres',
  'nginx',
  'sshd',
  'python3',
  'containerd',
  'systemd-journald',
  'chromium',
  'redis-server',
  'bash',
  'cron',
  'java',
];

/** The processes of the machine; the first is the root of a tree four levels deep. */
export function inventedProcesses(shape: MachineShape, time: number): ProcessFrame {
  const processes: ProcessRow[] = [];
  for (let index = 0; index < shape.processes; index++) {
    const pid = index + 1;
    const program = index === 0 ? 'systemd' : PROGRAMS[index % PROGRAMS.length]!;
    const kernel = index > 0 && index % 9 === 0;
    const busy = noise(index, 3) > 0.85 ? curve(time, index, 60) * 1.4 : 0.02 * noise(time, index);
    const foreign = index % 4 === 1;
    const user = shape.hostile && index === 3 ? HOSTILE_NAME : ['root', 'www-data', 'postgres', 'anna'][index % 4]!;
    const name = shape.hostile && index % 7 === 2 ? HOSTILE_NAME : kernel ? `kworker/${index % shape.cores}:${index % 5}` : program;
    processes.push({
      pid,
      ppid: index === 0 ? 0 : Math.max(1, Math.floor(index / 4)),
      name,
      command: kernel
        ? ''
        : foreign && index % 8 === 5
          ? null
          : `/usr/bin/${name} --config /etc/${program}/${program}.conf --worker ${index}`,
      state: kernel ? 'I' : busy > 0.3 ? 'R' : index === 41 ? 'Z' : index === 33 ? 'D' : 'S',
      user,
      uid: index % 4 === 0 ? 0 : 1000 + (index % 4),
      kernel,
      startTime: time - 90_000 + index * 20,
      startedAfterBoot: index * 20 + 0.25,
      cpu: busy,
      cpuUser: 40 * noise(index, 8) + index,
      cpuSystem: 9 * noise(index, 9),
      rss: kernel ? 0 : Math.round(noise(index, 4) ** 4 * 2 * GIB + 4e6),
      virtual: kernel ? 0 : Math.round(4 * GIB * noise(index, 5)),
      threads: 1 + Math.floor(noise(index, 6) * 12),
      nice: index % 13 === 0 ? 10 : 0,
      readBytes: foreign ? null : 1e6 * index,
      writeBytes: foreign ? null : 2e5 * index,
      readBytesPerSecond: foreign ? null : busy > 0.3 ? 4e6 * busy : 0,
      writeBytesPerSecond: foreign ? null : busy > 0.3 ? 1e6 * busy : 0,
    });
  }
  return { time, cores: shape.cores, memoryTotal: MEMORY, processes };
}

/** A mounted file system; sizes in GiB: in all, free, available. */
function mount(
  device: string,
  mountpoint: string,
  fstype: string,
  [size, free, available]: [number, number, number],
  files: number,
): FilesystemReading {
  return {
    device,
    mountpoint,
    fstype,
    major: 8,
    minor: 1,
    root: '/',
    readOnly: false,
    error: null,
    size: size * GIB,
    free: free * GIB,
    available: available * GIB,
    used: (size - free) * GIB,
    files,
    filesFree: Math.round(files * 0.9),
  };
}

/** What changes slowly. */
export function inventedSnapshot(shape: MachineShape, time: number): SnapshotFacts {
  return {
    time,
    host: {
      hostname: shape.hostile ? HOSTILE_NAME : 'hekate-01',
      system: 'Linux',
      release: '6.12.9-amd64',
      machine: 'x86_64',
      osName: 'Debian GNU/Linux 13 (trixie)',
      uptime: 273_400,
      cpuModel: 'AMD EPYC 9554P 64-Core Processor',
      cpuCount: shape.cores,
    },
    disk: [...shape.disks.map((device) => ({ device, physical: !device.startsWith('loop') }))],
    filesystem: [
      mount('/dev/vda1', '/', 'ext4', [100, 40, 35], 6_553_600),
      mount('/dev/nvme0n1p1', shape.hostile ? `/srv/${HOSTILE_NAME}` : '/srv/data', 'xfs', [1900, 76, 76], 9e8),
      { ...mount('/dev/loop0', '/snap/core', 'squashfs', [0.06, 0, 0], 12_000), readOnly: true },
      {
        ...mount('nas:/export', '/mnt/nas', 'nfs4', [0, 0, 0], 0),
        error: 'mountpoint timeout',
        size: null,
        free: null,
        available: null,
        used: null,
        files: null,
        filesFree: null,
      },
    ],
    network: shape.interfaces.map((device, index) => ({
      device,
      receiveBytes: 8e11 / (index + 1),
      transmitBytes: 1.2e11 / (index + 1),
      receiveErrors: 0,
      transmitErrors: index,
      receiveDrops: 12,
      transmitDrops: 0,
    })),
    interface: shape.interfaces.map((device, index) => ({
      device,
      operstate: device === 'lo' ? 'unknown' : 'up',
      address: `02:fc:00:00:00:0${index % 10}`,
      duplex: 'full',
      carrier: true,
      speed: device === 'lo' ? null : 1.25e9,
      mtu: 1500,
      addresses: device === 'lo' ? ['127.0.0.1/8', '::1/128'] : [`192.0.2.${10 + index}/24`, `2001:db8::${index + 1}/64`],
    })),
    gaps: [
      { field: 'filesystem./mnt/nas', reason: 'timeout', detail: 'nas:/export did not answer in 2 seconds.' },
      {
        field: 'processes.readBytes',
        reason: 'permission',
        detail: shape.hostile ? HOSTILE_NAME : 'EACCES: permission denied, open /proc/1/io',
      },
    ],
    runs: COLLECTOR_NAMES.map((collector, index) => ({ collector, seconds: 0.0002 * (index + 1), success: true })),
  };
}
