import type {
  CollectorRun,
  DiskReading,
  FilesystemReading,
  Gap,
  HostReading,
  InterfaceReading,
  NetworkReading,
  ProcessRates,
  ProcessReading,
} from '@hecate/metrics';
import type { SeriesBatch, SeriesMeta } from './series-store.ts';

/** What machine this is; null where it could not be read. */
export type HostFacts = Pick<HostReading, 'hostname' | 'system' | 'release' | 'machine' | 'osName' | 'uptime' | 'cpuModel' | 'cpuCount'>;

/** One process of the stream; `/api/v1/processes` says more. */
export type ProcessRow = Pick<
  ProcessReading & ProcessRates,
  | 'pid'
  | 'ppid'
  | 'name'
  | 'command'
  | 'state'
  | 'user'
  | 'uid'
  | 'kernel'
  | 'startTime'
  | 'startedAfterBoot'
  | 'cpu'
  | 'cpuUser'
  | 'cpuSystem'
  | 'rss'
  | 'virtual'
  | 'threads'
  | 'nice'
  | 'readBytes'
  | 'writeBytes'
  | 'readBytesPerSecond'
  | 'writeBytesPerSecond'
>;

/** All processes of one moment. */
export interface ProcessFrame {
  readonly time: number;
  readonly cores: number;
  readonly memoryTotal: number | null;
  readonly processes: readonly ProcessRow[];
}

/** What a network interface is set to; null where the driver does not say. */
export type InterfaceFacts = Pick<
  InterfaceReading,
  'device' | 'operstate' | 'address' | 'duplex' | 'carrier' | 'speed' | 'mtu' | 'addresses'
>;

/** Counters of a network interface since boot. */
export type NetworkCounters = Pick<
  NetworkReading,
  'device' | 'receiveBytes' | 'transmitBytes' | 'receiveErrors' | 'transmitErrors' | 'receiveDrops' | 'transmitDrops'
>;

/** The parts of `/api/v1/snapshot` that this page shows. */
export interface SnapshotFacts {
  readonly time: number;
  readonly host: HostFacts | null;
  readonly disk: readonly Pick<DiskReading, 'device' | 'physical'>[] | null;
  readonly filesystem: readonly FilesystemReading[] | null;
  readonly network: readonly NetworkCounters[] | null;
  readonly interface: readonly InterfaceFacts[] | null;
  readonly gaps: readonly Gap[];
  readonly runs: readonly Pick<CollectorRun, 'collector' | 'seconds' | 'success'>[];
}

/** The part of `/healthz` that this page shows. */
export interface HealthFacts {
  readonly recording: boolean;
}

/** A frame that the server sends on the stream. */
export type ServerFrame =
  | {
      readonly type: 'hello';
      readonly version: string;
      readonly interval: number;
      readonly host: HostFacts | null;
      readonly recording: boolean;
    }
  | ({ readonly type: 'backfill' } & SeriesBatch)
  | {
      readonly type: 'tick';
      readonly time: number;
      readonly values: Readonly<Record<string, number | null>>;
      readonly meta?: Readonly<Record<string, SeriesMeta>>;
    }
  | ({ readonly type: 'processes' } & ProcessFrame);

/** A frame that this page sends. */
export interface SubscribeFrame {
  readonly type: 'subscribe';
  readonly processes: boolean;
}

/** The error that the server answered with, or the network's. */
export class RequestError extends Error {}

/** Fetches JSON from this page's own server. Throws {@link RequestError} with the server's sentence when it refuses. */
export async function fetchJson<Body>(path: string, signal: AbortSignal): Promise<Body> {
  const response = await fetch(path, { signal, headers: { accept: 'application/json' } });
  if (response.ok) return (await response.json()) as Body;
  const text = await response.text();
  throw new RequestError(sentenceOf(text) ?? `The server answered ${response.status}.`);
}

/** The message of an error body; null when the body is not one. */
function sentenceOf(text: string): string | null {
  if (!text.startsWith('{')) return null;
  const body = JSON.parse(text) as { error?: { message?: unknown } };
  return typeof body.error?.message === 'string' ? body.error.message : null;
}
