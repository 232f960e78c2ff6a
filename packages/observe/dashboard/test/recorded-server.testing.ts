import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import type { ProcessFrame, SnapshotFacts } from '../src/api.ts';
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
    ...options,
  };
  const html = await readFile(options.page, 'utf8');
  const policy = contentSecurityPolicy(html);
  const historyRequests: string[] = [];
  const subscribed = new Set<WebSocket>();
  let now = Math.floor(Date.now() / 1000);

  const batch = (from: number, to: number, step: number): object => {
    const time: number[] = [];
    for (let at = Math.ceil(from / step) * step; at <= to; at += step) time.push(at);
    const rows = time.map((at) => inventedSeries(shape, at));
    const { meta } = inventedSeries(shape, now);
    return {
      step,
      time,
      series: Object.fromEntries(Object.keys(meta).map((id) => [id, rows.map(({ values }) => values[id] ?? null)])),
      meta,
    };
  };
  const processes = (): ProcessFrame => inventedProcesses(shape, now);
  const snapshot = (): SnapshotFacts => inventedSnapshot(shape, now);

  const json = (response: ServerResponse, body: object, status = 200): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (url.pathname === '/')
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy }).end(html);
    else if (url.pathname === '/api/v1/snapshot') json(response, snapshot());
    else if (url.pathname === '/healthz') json(response, { status: 'ok', version: '0.1.0', uptime: 1, samples: 1, recording: true });
    else if (url.pathname === '/api/v1/processes') json(response, processes());
    else if (url.pathname === '/api/v1/history') {
      historyRequests.push(url.search);
      const to = Math.min(now, Number(url.searchParams.get('to') ?? now));
      json(response, batch(Number(url.searchParams.get('from') ?? to - 900), to, Number(url.searchParams.get('step') ?? 1)));
    } else json(response, { error: { code: 'INVALID', message: `There is nothing at ${url.pathname}.`, hint: '' } }, 404);
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
