import type { Alert, AlertChange } from '../../src/alert/alerts.ts';
import type {
  CollectorRun,
  DiskReading,
  FilesystemReading,
  Gap,
  HostReading,
  InterfaceReading,
  MachineEvent,
  NetworkReading,
  ProcessRates,
  ProcessReading,
  SensorsReading,
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
  /** Older servers do not send it. */
  readonly sensors?: Pick<SensorsReading, 'chips'> | null;
  readonly gaps: readonly Gap[];
  readonly runs: readonly Pick<CollectorRun, 'collector' | 'seconds' | 'success'>[];
}

/** The part of `/healthz` that this page shows. */
export interface HealthFacts {
  readonly recording: boolean;
}

/** Something that happened, as `/api/v1/events` and the stream tell it. */
export type EventFacts = MachineEvent & {
  /** Counts since the daemon started; null for what happened before that. */
  readonly id: number | null;
};

/** The answer of `/api/v1/events`: oldest first. */
export interface EventList {
  readonly events: readonly EventFacts[];
}

/** The answer of `/api/v1/access`: what this reader may do. */
export interface AccessFacts {
  readonly scopes: readonly ('read' | 'act')[];
  /** Whether processes can be acted on at all. */
  readonly processes?: boolean;
}

/** The answer of `/api/v1/tuning`. */
export interface TuningFacts {
  /** Null: the daemon keeps none. */
  readonly profile: string | null;
  /** Oldest first. */
  readonly events: readonly {
    readonly time: number;
    readonly kind: string;
    readonly title?: string;
    readonly changes?: number;
    /** Why, in a sentence. */
    readonly reason?: string;
    /** What somebody else has changed. */
    readonly target?: string;
  }[];
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
  | ({ readonly type: 'processes' } & ProcessFrame)
  | ({ readonly type: 'event' } & EventFacts)
  | ({ readonly type: 'alert' } & AlertChange);

/** A frame that this page sends. */
export interface SubscribeFrame {
  readonly type: 'subscribe';
  readonly processes: boolean;
  readonly events: true;
  readonly alerts: true;
}

/** The answer of `/api/v1/alerts`. */
export interface AlertList {
  readonly alerts: readonly Alert[];
}

/** The answer of `/api/v1/alerts/history`: newest first. */
export interface AlertHistory {
  readonly changes: readonly AlertChange[];
}

/** The error that the server answered with, or the network's. */
export class RequestError extends Error {
  /** HTTP status of the answer. */
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

async function request<Body>(path: string, options: RequestInit): Promise<Body> {
  const response = await fetch(path, options);
  const text = await response.text();
  if (response.ok) return (text === '' ? null : JSON.parse(text)) as Body;
  throw new RequestError(sentenceOf(text) ?? `The server answered ${response.status}.`, response.status);
}

/** Fetches JSON from this page's own server. Throws {@link RequestError} with the server's sentence when it refuses. */
export function fetchJson<Body>(path: string, signal?: AbortSignal): Promise<Body> {
  return request(path, { headers: { accept: 'application/json' }, ...(signal ? { signal } : {}) });
}

/** Sends JSON to this page's own server. Throws as {@link fetchJson} does. */
export function postJson<Body>(path: string, body: unknown): Promise<Body> {
  return request(path, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** What of the server may be missing, as older ones and other settings do not offer it: null then. Throws what is no answer at all. */
export async function fetchOffered<Body>(path: string): Promise<Body | null> {
  try {
    return await fetchJson<Body>(path);
  } catch (error) {
    if (error instanceof RequestError) return null;
    throw error;
  }
}

/** The message of an error body; null when the body is not one. */
function sentenceOf(text: string): string | null {
  if (!text.startsWith('{')) return null;
  const body = JSON.parse(text) as { error?: { message?: unknown } };
  return typeof body.error?.message === 'string' ? body.error.message : null;
}
