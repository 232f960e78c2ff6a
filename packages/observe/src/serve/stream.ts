import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket, WebSocketServer } from 'ws';
import type { Frame, Hub } from './hub.ts';
import { joinPieces } from './pieces.ts';
import { encodeProcesses } from './process-list.ts';
import { seriesMeta, seriesValues } from './series.ts';

/** Seconds of history that a new client gets. */
const BACKFILL = 900;
/** A client that has this much waiting is slow: it misses frames until it has caught up. */
const MOST_BUFFERED = 1 << 20;
/** More clients than this are refused. */
const MOST_CLIENTS = 500;

/** What the stream sends beside samples. */
export interface StreamOptions {
  readonly hub: Hub;
  readonly version: string;
  readonly recording: () => boolean;
  readonly onError: (error: unknown) => void;
}

/** The WebSocket side of the server. */
export interface Stream {
  /** Takes over a connection that asked for an upgrade. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
  /** Clients now. */
  readonly clients: number;
  /** Says goodbye to all clients. */
  close(): void;
}

interface Client {
  readonly socket: WebSocket;
  processes: boolean;
  /** Whether hello and backfill are out; ticks wait for that. */
  ready: boolean;
}

function encodeTick({ snapshot, rates, row }: Frame, met: Set<string>): string {
  const values: string[] = [];
  const meta: Record<string, unknown> = {};
  for (const { id, value } of seriesValues(row, rates)) {
    const known = seriesMeta(id);
    const factor = 10 ** (known?.decimals ?? 3);
    values.push(`${JSON.stringify(id)}:${value === null ? 'null' : Math.round(value * factor) / factor}`);
    if (value !== null && !met.has(id)) {
      met.add(id);
      meta[id] = known;
    }
  }
  const news = Object.keys(meta).length > 0 ? `,"meta":${JSON.stringify(meta)}` : '';
  return `{"type":"tick","time":${Math.round(snapshot.time * 1000) / 1000},"values":{${values.join(',')}}${news}}`;
}

/** Sends every tick to all clients: encoded once, and only while somebody listens. */
export function createStream({ hub, version, recording, onError }: StreamOptions): Stream {
  const clients = new Set<Client>();
  /** Series that some tick has introduced. */
  const met = new Set<string>();
  let server: WebSocketServer | undefined;
  let unsubscribe: (() => void) | undefined;

  const send = (client: Client, text: string): void => {
    if (client.socket.readyState === client.socket.OPEN && client.socket.bufferedAmount < MOST_BUFFERED) client.socket.send(text);
  };

  const broadcast = (frame: Frame): void => {
    hub.look();
    const tick = encodeTick(frame, met);
    for (const client of clients) if (client.ready) send(client, tick);
    const watchers = [...clients].filter((client) => client.ready && client.processes);
    if (watchers.length === 0) return;
    hub.look('processes');
    if (!frame.snapshot.processes) return;
    joinPieces(encodeProcesses(frame, {}, 'processes')).then((text) => watchers.forEach((client) => send(client, text)), onError);
  };

  const greet = async (client: Client): Promise<void> => {
    const host = hub.latest?.snapshot.host ?? null;
    send(client, JSON.stringify({ type: 'hello', version, interval: hub.interval, host, recording: recording() }));
    const to = hub.latest?.snapshot.time ?? 0;
    send(client, await joinPieces(hub.history.encode({ from: to - BACKFILL, to }, 'backfill')));
    client.ready = true;
  };

  const listen = (client: Client, data: unknown): void => {
    let message: unknown;
    try {
      message = JSON.parse(String(data));
    } catch {
      client.socket.close(1007, 'Messages are JSON.');
      return;
    }
    if (typeof message !== 'object' || message === null || !('type' in message) || message.type !== 'subscribe') {
      client.socket.close(1008, 'Only subscribe messages are understood.');
      return;
    }
    client.processes = 'processes' in message && message.processes === true;
    if (client.processes) hub.look('processes');
    if (client.processes && hub.latest?.snapshot.processes) {
      joinPieces(encodeProcesses(hub.latest, {}, 'processes')).then((text) => send(client, text), onError);
    }
  };

  const adopt = (socket: WebSocket): void => {
    const client: Client = { socket, processes: false, ready: false };
    clients.add(client);
    unsubscribe ??= hub.subscribe(broadcast);
    socket.on('message', (data) => listen(client, data));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      clients.delete(client);
      if (clients.size > 0) return;
      unsubscribe?.();
      unsubscribe = undefined;
    });
    greet(client).catch(onError);
  };

  return {
    get clients() {
      return clients.size;
    },
    async upgrade(request, socket, head) {
      if (!server) {
        // Loaded with the first client: a daemon that nobody watches does not pay for it.
        const { WebSocketServer: Server } = await import('ws');
        server ??= new Server({ noServer: true, maxPayload: 4096, perMessageDeflate: false });
      }
      if (clients.size >= MOST_CLIENTS) {
        socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n');
        return;
      }
      server.handleUpgrade(request, socket, head, adopt);
    },
    close() {
      unsubscribe?.();
      unsubscribe = undefined;
      for (const { socket } of clients) socket.close(1001, 'The server stops.');
      setTimeout(() => {
        for (const { socket } of clients) socket.terminate();
      }, 500).unref();
      server?.close();
    },
  };
}
