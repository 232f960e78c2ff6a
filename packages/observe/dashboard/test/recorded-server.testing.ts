import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import type { Alert, AlertChange } from '@hecate/observe';
import type { EventFacts, ProcessFrame, SnapshotFacts } from '../src/api.ts';
import { inventedAlert, inventedAnalysis, inventedChanges, inventedEvents } from './invented-watch.testing.ts';
import { inventedProcesses, inventedSeries, inventedSnapshot } from './invented-machine.testing.ts';
import type { MachineShape } from './invented-machine.testing.ts';

/** A server that speaks the daemon's contract with an invented machine behind it: for what a real machine cannot be made to do on request. */
export interface RecordedServer {
  readonly url: string;
  readonly port: number;
  /** Subscriptions to processes that pages hold now. */
  subscriptions(): number;
  /** Query strings of the `/api/v1/history` requests so far. */
  readonly historyRequests: string[];
  /** Bodies of POST requests so far, with their paths. */
  readonly posts: { readonly path: string; readonly body: unknown }[];
  /** Query strings of requests for reports so far. */
  readonly reports: string[];
  /** The clock of the invented machine, seconds since the epoch. */
  readonly now: () => number;
  /** Something happens. */
  happen(event: EventFacts): void;
  /** An alert changes. */
  change(change: AlertChange): void;
  /** Sends one tick now, `seconds` after the last one. */
  tick(seconds?: number): void;
  stop(): Promise<void>;
}

/** How the server behaves. */
export interface RecordedServerOptions extends Partial<MachineShape> {
  /** Path of the built page. */
  readonly page: string;
  readonly port?: number;
  /** Milliseconds between ticks; 0 for none but those asked for. */
  readonly every?: number;
  /** Seconds of the past that the backfill holds. */
  readonly backfill?: number;
  /** Whether who asks may change something. Default false. */
  readonly act?: boolean;
  /** What is wrong. Default: one warning. */
  readonly alerts?: readonly Alert[];
  /** Paths that are not offered, as on an older daemon. */
  readonly without?: readonly string[];
  /** What a POST is refused with: status and sentence. */
  readonly refusal?: readonly [status: number, message: string];
  /** Seconds of the past in which processes were recorded. Default an hour. */
  readonly recorded?: number;
}

/** The policy that the daemon sends: nothing from elsewhere, and only the inline script and styles that were built. */
export function contentSecurityPolicy(html: string): string {
  const hashes = (tag: string): string =>
    [...html.matchAll(new RegExp(`<${tag}>([^]*?)</${tag}>`, 'g'))]
      .map((match) => `'sha256-${createHash('sha256').update(match[1]!).digest('base64')}'`)
      .join(' ');
  return `default-src 'none'; script-src ${hashes('script')}; style-src ${hashes('style')}; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}

/** Starts on 127.0.0.1. Times are the clock's, so that the page's clock agrees. */
export async function startRecordedServer(options: RecordedServerOptions): Promise<RecordedServer> {
  const shape: MachineShape = {
    cores: 4,
    processes: 120,
    disks: ['vda', 'nvme0n1'],
    interfaces: ['eth0', 'lo'],
    hostile: false,
    unknown: [],
    sensors: ['coretemp Package id 0', 'nvme Composite'],
    cards: [],
    ...options,
  };
  const html = await readFile(options.page, 'utf8');
  const policy = contentSecurityPolicy(html);
  const historyRequests: string[] = [];
  const posts: { path: string; body: unknown }[] = [];
  const reports: string[] = [];
  const subscribed = new Set<WebSocket>();
  let now = Math.floor(Date.now() / 1000);

  const batch = (from: number, to: number, step: number, band = false): object => {
    const time: number[] = [];
    for (let at = Math.ceil(from / step) * step; at <= to; at += step) time.push(at);
    const rows = time.map((at) => inventedSeries(shape, at));
    const { meta } = inventedSeries(shape, now);
    const column = (id: string, factor: number): (number | null)[] =>
      rows.map(({ values }) => (values[id] === null || values[id] === undefined ? null : values[id] * factor));
    const columns = (factor: number): object => Object.fromEntries(Object.keys(meta).map((id) => [id, column(id, factor)]));
    return { step, time, series: columns(1), meta, ...(band ? { min: columns(0.6), max: columns(1.3) } : {}) };
  };
  const processes = (at: number = now): ProcessFrame => inventedProcesses(shape, at);
  let alerts: readonly Alert[] = options.alerts ?? [inventedAlert(now)];
  const changes = inventedChanges(now);
  const events = inventedEvents(now, shape.hostile);
  const snapshot = (): SnapshotFacts => inventedSnapshot(shape, now);

  const json = (response: ServerResponse, body: object, status = 200): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  const take = (request: IncomingMessage, response: ServerResponse, path: string): void => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { readonly id?: string; readonly until?: number | null };
      posts.push({ path, body });
      const [status, message] = options.refusal ?? [];
      if (status !== undefined) return json(response, { error: { code: 'CONFLICT', message } }, status);
      alerts = alerts.map((alert) => (alert.id === body.id ? { ...alert, silencedUntil: body.until ?? null } : alert));
      return json(response, {});
    });
  };
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const at = url.searchParams.get('at');
    const nothing = (): void =>
      json(response, { error: { code: 'INVALID', message: `There is nothing at ${url.pathname}.`, hint: '' } }, 404);
    if (options.without?.includes(url.pathname)) nothing();
    else if (request.method === 'POST') take(request, response, url.pathname);
    else if (url.pathname === '/')
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy }).end(html);
    else if (url.pathname === '/api/v1/snapshot') json(response, snapshot());
    else if (url.pathname === '/healthz') json(response, { status: 'ok', version: '0.1.0', uptime: 1, samples: 1, recording: true });
    else if (url.pathname === '/api/v1/processes' && at !== null && Number(at) < now - (options.recorded ?? 3600))
      json(response, { error: { code: 'UNAVAILABLE', message: 'No processes were recorded then.' } }, 503);
    else if (url.pathname === '/api/v1/processes') json(response, processes(at === null ? now : Math.floor(Number(at))));
    else if (url.pathname === '/api/v1/alerts') json(response, { alerts });
    else if (url.pathname === '/api/v1/alerts/history') json(response, { changes });
    else if (url.pathname === '/api/v1/events') json(response, { events, newest: events.at(-1)?.id ?? 0 });
    else if (url.pathname === '/api/v1/access') json(response, { scopes: options.act ? ['read', 'act'] : ['read'], token: false });
    else if (url.pathname === '/api/v1/tuning')
      json(response, {
        profile: 'server',
        events: [{ time: now - 900, kind: 'tuned', id: 3, title: 'profile server', changes: 14, isNew: true }],
      });
    else if (url.pathname === '/api/v1/analysis') {
      reports.push(url.search);
      json(response, inventedAnalysis(url.searchParams.get('start') ?? '', url.searchParams.get('end') ?? ''));
    } else if (url.pathname === '/api/v1/history') {
      historyRequests.push(url.search);
      const to = Math.min(now, Number(url.searchParams.get('to') ?? now));
      const from = Number(url.searchParams.get('from') ?? to - 900);
      json(response, batch(from, to, Number(url.searchParams.get('step') ?? 1), url.searchParams.has('band')));
    } else nothing();
  };

  const server = createServer(answer);
  const sockets = new WebSocketServer({ server, path: '/api/v1/stream' });
  const send = (socket: WebSocket, frame: object): void => socket.send(JSON.stringify(frame));
  sockets.on('connection', (socket) => {
    send(socket, { type: 'hello', version: '0.1.0', interval: 1, host: snapshot().host, recording: true });
    send(socket, { type: 'backfill', ...batch(now - (options.backfill ?? 900), now, 1) });
    socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString('utf8')) as { type: string; processes: boolean };
      if (frame.type !== 'subscribe') return;
      if (frame.processes) {
        subscribed.add(socket);
        send(socket, { type: 'processes', ...processes() });
      } else subscribed.delete(socket);
    });
    socket.on('close', () => subscribed.delete(socket));
  });
  const tick = (seconds = 1): void => {
    now += seconds;
    for (const socket of sockets.clients) {
      send(socket, { type: 'tick', time: now, values: inventedSeries(shape, now).values });
      if (subscribed.has(socket)) send(socket, { type: 'processes', ...processes() });
    }
  };
  const tell = (frame: object): void => {
    for (const socket of sockets.clients) send(socket, frame);
  };
  const every = options.every ?? 1000;
  const timer = every > 0 ? setInterval(tick, every) : undefined;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    port,
    historyRequests,
    posts,
    reports,
    now: () => now,
    happen(event) {
      events.push(event);
      tell({ type: 'event', ...event });
    },
    change(change) {
      alerts = [change.alert, ...alerts.filter(({ id }) => id !== change.alert.id)].filter(({ severity }) => severity !== null);
      changes.unshift(change);
      tell({ type: 'alert', ...change });
    },
    tick,
    subscriptions: () => subscribed.size,
    async stop() {
      clearInterval(timer);
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
