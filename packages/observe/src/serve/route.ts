import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { HecateError } from '@hecate/host';
import type { ProcessActor, ProcessTarget } from '../act/process-actor.ts';
import type { Alerts } from '../alert/alerts.ts';
import type { EventLog } from '../event/event-log.ts';
import type { Family } from '../export/families.ts';
import type { RecordedProcesses } from '../process-log/recorded-table.ts';
import type { HistoryQuery } from './history.ts';
import type { Frame, Hub } from './hub.ts';
import type { Reports } from './reports.ts';
import type { Stream } from './stream.ts';
import type { WholeProcess } from './whole-process.ts';
import type { TuningStatus } from './tuning-status.ts';

/** What a request may do: `read` looks, `act` changes something on the machine or in the daemon. Who may act may read. */
export type Scope = 'read' | 'act';

/** What a route answers. */
export interface Answer {
  /** Default 200. */
  readonly status?: number;
  readonly type: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  /** Takes over the response once its head is written: an answer that goes on for as long as the client stays. `body` is not sent then. */
  readonly take?: (response: ServerResponse) => void;
}

/** What routes can see. */
export interface RouteContext {
  readonly hub: Hub;
  readonly platform: NodeJS.Platform;
  readonly version: string;
  /** Monotonic time at which the server started. */
  readonly startedAt: number;
  /** Whether samples are being recorded now. */
  readonly recording: () => boolean;
  /** What was done to the machine; absent when the daemon tunes nothing. */
  readonly tuning?: () => TuningStatus;
  /** Older samples than the hub's, as pieces of JSON, or null when there are none; absent when nothing is recorded. */
  readonly recorded?: (query: HistoryQuery & { readonly step: number }) => Promise<Iterable<string> | null>;
  /** The processes of a moment (seconds since the epoch), null when they were not kept; absent when they never are. */
  readonly processesAt?: (time: number) => Promise<RecordedProcesses | null>;
  /** All of one process, null when it is gone; absent where single ones are not told of. */
  readonly processDetail?: (target: ProcessTarget) => Promise<WholeProcess | null>;
  /** What happened lately; absent where nothing is watched. */
  readonly events?: EventLog;
  /** What is wrong; absent where nothing is judged. */
  readonly alerts?: Alerts;
  /** What parts of the daemon say of themselves, for /metrics; absent where none does. */
  readonly selfMetrics?: () => Iterable<Family>;
  /** What can be done to processes; absent where the daemon was not allowed to. */
  readonly actor?: ProcessActor;
  /** Makes reports of the recorded days; absent where there are none. */
  readonly reports?: Reports;
  /** Clients that get every tick; absent where there are none to be had. */
  readonly stream?: Stream;
}

/** Who asks. */
export interface Caller {
  readonly address: string;
  readonly scopes: readonly Scope[];
  /** Whether looking takes a token here. */
  readonly tokenToRead: boolean;
}

/** A request that a route answers. */
export interface Question {
  readonly query: URLSearchParams;
  readonly accept: string;
  /** All headers, names in lower case. */
  readonly headers?: IncomingHttpHeaders;
  /** Who asks; absent where a route is called by ourselves. */
  readonly caller?: Caller;
  /** What was sent as JSON: any value that it can say, undefined without a body. The route checks it. */
  readonly body?: unknown;
}

/** One parameter of the query, for the OpenAPI document. */
export interface Parameter {
  readonly name: string;
  readonly help: string;
  /** Whether there is no answer without it. */
  readonly required?: boolean;
  /** JSON schema of its value. */
  readonly schema: Readonly<Record<string, unknown>>;
}

/** A path of the API. The server routes by it, and the OpenAPI document is made from it. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly scope: Scope;
  /** One line for the OpenAPI document. */
  readonly summary: string;
  readonly parameters?: readonly Parameter[];
  /** JSON schema of the body that is sent; absent when none is. */
  readonly takes?: Readonly<Record<string, unknown>>;
  /** Media type of the answer to its JSON schema; other types than JSON have `{ type: 'string' }`. */
  readonly gives: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly answer: (context: RouteContext, question: Question) => Answer | Promise<Answer>;
}

/** Media type of all JSON that is answered. */
export const JSON_TYPE = 'application/json; charset=utf-8';

/** Seconds that a question which comes before the first sample waits for it. */
const FIRST_SAMPLE = 3;

/** The newest frame, for somebody who looks; of a daemon that has just started, the first. Rejects with UNAVAILABLE after three seconds. */
export async function frameOf(hub: Hub): Promise<Frame> {
  hub.look();
  if (hub.latest) return hub.latest;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      unsubscribe();
      reject(new HecateError('UNAVAILABLE', 'There is no sample yet.', { hint: 'Ask again in a second.' }));
    }, FIRST_SAMPLE * 1000);
    const unsubscribe = hub.subscribe((frame) => {
      clearTimeout(timer);
      unsubscribe();
      resolve(frame);
    });
  });
}

/** A number of the query; `fallback` when it is not there, INVALID when it is no number or negative. */
export function numberOf(query: URLSearchParams, name: string, fallback: number): number {
  const text = query.get(name);
  if (text === null) return fallback;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) {
    throw new HecateError('INVALID', `${name} must be a number that is not negative, not ${JSON.stringify(text)}.`);
  }
  return value;
}
