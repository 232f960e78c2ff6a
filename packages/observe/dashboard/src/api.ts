import type { SeriesBatch, SeriesMeta } from './series-store.ts';

/** What machine this is; null where it could not be read. */
export interface HostFacts {
  readonly hostname: string | null;
  readonly system: string;
  readonly release: string | null;
  readonly machine: string | null;
  readonly osName: string | null;
  /** Seconds since boot. */
  readonly uptime: number | null;
  readonly cpuModel: string | null;
  readonly cpuCount: number | null;
}

/** One process of `/api/v1/processes` and of the stream. */
export interface ProcessRow {
  readonly pid: number;
  readonly ppid: number;
  readonly name: string;
  readonly command: string | null;
  readonly state: string;
  readonly user: string | null;
  readonly uid: number | null;
  readonly kernel: boolean;
  /** Seconds since the epoch. */
  readonly startTime: number;
  /** Seconds since boot; with `pid` it names the process for ever. */
  readonly startedAfterBoot: number;
  /** Share of one core: 2 is two cores busy. Null at the first look. */
  readonly cpu: number | null;
  /** Seconds since it started. */
  readonly cpuUser: number;
  readonly cpuSystem: number;
  readonly rss: number;
  readonly virtual: number;
  readonly threads: number;
  readonly nice: number;
  /** Bytes; null when it belongs to another user. */
  readonly readBytes: number | null;
  readonly writeBytes: number | null;
  readonly readBytesPerSecond: number | null;
  readonly writeBytesPerSecond: number | null;
}

/** All processes of one moment. */
export interface ProcessFrame {
  readonly time: number;
  readonly cores: number;
  readonly memoryTotal: number | null;
  readonly processes: readonly ProcessRow[];
}

/** A mounted file system; sizes are null when it did not answer. */
export interface FilesystemFacts {
  readonly device: string;
  readonly mountpoint: string;
  readonly fstype: string;
  readonly readOnly: boolean;
  readonly size: number | null;
  readonly free: number | null;
  readonly available: number | null;
  readonly files: number | null;
  readonly filesFree: number | null;
}

/** What a network interface is set to; null where the driver does not say. */
export interface InterfaceFacts {
  readonly device: string;
  readonly operstate: string | null;
  readonly address: string | null;
  readonly duplex: string | null;
  readonly carrier: boolean | null;
  /** Bytes per second. */
  readonly speed: number | null;
  readonly mtu: number | null;
  readonly addresses: readonly string[] | null;
}

/** Counters of a network interface since boot. */
export interface NetworkCounters {
  readonly device: string;
  readonly receiveBytes: number;
  readonly transmitBytes: number;
  readonly receiveErrors: number;
  readonly transmitErrors: number;
  readonly receiveDrops: number;
  readonly transmitDrops: number;
}

/** One thing that could not be read, and why. */
export interface GapFacts {
  readonly field: string;
  readonly reason: string;
  readonly detail: string;
}

/** The parts of `/api/v1/snapshot` that this page shows. */
export interface SnapshotFacts {
  readonly time: number;
  readonly host: HostFacts | null;
  readonly disk: readonly { readonly device: string; readonly physical: boolean }[] | null;
  readonly filesystem: readonly FilesystemFacts[] | null;
  readonly network: readonly NetworkCounters[] | null;
  readonly interface: readonly InterfaceFacts[] | null;
  readonly gaps: readonly GapFacts[];
  readonly runs: readonly { readonly collector: string; readonly seconds: number; readonly success: boolean }[];
}

/** A frame that the server sends on the stream. */
export type ServerFrame =
  | { readonly type: 'hello'; readonly version: string; readonly interval: number; readonly host: HostFacts | null; readonly recording: boolean }
  | ({ readonly type: 'backfill' } & SeriesBatch)
  | { readonly type: 'tick'; readonly time: number; readonly values: Readonly<Record<string, number | null>>; readonly meta?: Readonly<Record<string, SeriesMeta>> }
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
