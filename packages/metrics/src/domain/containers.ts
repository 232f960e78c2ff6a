import { eachPerSecond, perSecond } from '../model/rate-field.ts';
import type { RateField } from '../model/rate-field.ts';
import { counterRate } from './cpu.ts';
import { quotaRateFields, throttledRatio } from './cgroup.ts';
import { sumOf } from './disk.ts';
import { pressureRateFields, pressureRates } from './pressure.ts';
import type { PressureRates, PressureReading } from './pressure.ts';

/** Counters of one interface inside a container. */
export interface ContainerInterface {
  readonly device: string;
  readonly receiveBytes: number;
  readonly receivePackets: number;
  readonly receiveErrors: number;
  readonly receiveDrops: number;
  readonly transmitBytes: number;
  readonly transmitPackets: number;
  readonly transmitErrors: number;
  readonly transmitDrops: number;
}

/**
 * One container, found by its control group. Figures are null where the group's hierarchy has none
 * (a controller that is not enabled, an older kernel).
 */
export interface ContainerReading {
  /** What the engine calls it by: 64 hexadecimal digits, or a name (lxc, systemd-nspawn). */
  readonly id: string;
  /** The name that a person gave it; the id where the engine's files say none or may not be read. */
  readonly name: string;
  /** `docker`, `podman`, `containerd`, `crio`, `lxc`, …; `unknown` where only an id is there. */
  readonly runtime: string;
  readonly image: string | null;
  /** uid of the Kubernetes pod; id of a podman pod. */
  readonly pod: string | null;
  readonly podName: string | null;
  /** Kubernetes namespace. */
  readonly namespace: string | null;
  /** Name inside the pod. */
  readonly containerName: string | null;
  /** Path of its control group. */
  readonly path: string;
  /** Seconds since the epoch at which its first process started; null where no process can be looked at. */
  readonly startTime: number | null;
  readonly frozen: boolean | null;
  /** Seconds. */
  readonly cpuUsage: number | null;
  readonly cpuUser: number | null;
  readonly cpuSystem: number | null;
  readonly periods: number | null;
  readonly throttledPeriods: number | null;
  /** Seconds. */
  readonly throttledTime: number | null;
  /** Processors of its quota; null without one. */
  readonly cpuLimit: number | null;
  /** Bytes, file pages included. */
  readonly memoryUsage: number | null;
  /** Bytes without file pages that are not in active use. */
  readonly workingSet: number | null;
  readonly rss: number | null;
  readonly cache: number | null;
  readonly mapped: number | null;
  readonly swap: number | null;
  /** Bytes; null without a limit. */
  readonly memoryLimit: number | null;
  /** Times that it went up to its limit. */
  readonly limitHits: number | null;
  readonly oomKills: number | null;
  /** Processes and threads. */
  readonly pids: number | null;
  readonly pidsLimit: number | null;
  readonly readBytes: number | null;
  readonly writeBytes: number | null;
  readonly reads: number | null;
  readonly writes: number | null;
  /** Null where it shares the network of the machine or of a container listed before, or none of its processes can be looked at. */
  readonly network: readonly ContainerInterface[] | null;
  readonly pressure: PressureReading | null;
}

/** Rates of one container. */
export interface ContainerRates {
  readonly id: string;
  readonly name: string;
  /** Processors in use on average. */
  readonly cpuCores: number | null;
  /** The same as a share of its quota; null without one. */
  readonly cpuLimitShare: number | null;
  /** Share of the periods in which the quota was used up. */
  readonly throttledRatio: number | null;
  readonly readBytesPerSecond: number | null;
  readonly writeBytesPerSecond: number | null;
  readonly readsPerSecond: number | null;
  readonly writesPerSecond: number | null;
  /** Over all interfaces but the loopback. */
  readonly receiveBytesPerSecond: number | null;
  readonly transmitBytesPerSecond: number | null;
  readonly oomKillsPerSecond: number | null;
  readonly pressure: PressureRates | null;
}

type NetworkCounter = 'receiveBytes' | 'transmitBytes';

function networkRate(before: ContainerReading, after: ContainerReading, key: NetworkCounter, elapsed: number): number | null {
  const earlier = new Map(before.network?.map((row) => [row.device, row]));
  return sumOf(
    (after.network ?? []).filter(({ device }) => device !== 'lo'),
    (row) => counterRate(earlier.get(row.device)?.[key], row[key], elapsed),
  );
}

/** Rates of the containers that are in both readings; one that was started anew under its old id begins again. */
export function containersRates(
  before: readonly ContainerReading[],
  after: readonly ContainerReading[],
  elapsed: number,
): readonly ContainerRates[] {
  const earlier = new Map(before.map((row) => [row.path, row]));
  return after.flatMap((row) => {
    const was = earlier.get(row.path);
    if (!was || was.id !== row.id) return [];
    const rate = (key: 'cpuUsage' | 'readBytes' | 'writeBytes' | 'reads' | 'writes' | 'oomKills'): number | null =>
      counterRate(was[key], row[key], elapsed);
    const cpuCores = rate('cpuUsage');
    return [
      {
        id: row.id,
        name: row.name,
        cpuCores,
        cpuLimitShare: cpuCores !== null && row.cpuLimit ? cpuCores / row.cpuLimit : null,
        throttledRatio: throttledRatio(was, row),
        readBytesPerSecond: rate('readBytes'),
        writeBytesPerSecond: rate('writeBytes'),
        readsPerSecond: rate('reads'),
        writesPerSecond: rate('writes'),
        receiveBytesPerSecond: networkRate(was, row, 'receiveBytes', elapsed),
        transmitBytesPerSecond: networkRate(was, row, 'transmitBytes', elapsed),
        oomKillsPerSecond: rate('oomKills'),
        pressure: was.pressure && row.pressure ? pressureRates(was.pressure, row.pressure, elapsed) : null,
      },
    ];
  });
}

/** Fields of {@link ContainerRates}. */
export const containersRateFields = (): readonly RateField[] => [
  ...quotaRateFields('[].'),
  ...eachPerSecond('[].', ['readBytes', 'writeBytes', 'reads', 'writes']),
  ...(['receiveBytes', 'transmitBytes'] as const).map((key) =>
    perSecond(`[].${key}PerSecond`, `${key} of all interfaces but lo`, 'bytes/second', 'its network is not its own or cannot be looked at'),
  ),
  ...eachPerSecond('[].', ['oomKills']),
  ...pressureRateFields('[].pressure.'),
];
