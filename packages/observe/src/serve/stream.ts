import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { HecateError } from '@hecate/host';
import type { RawData, WebSocket, WebSocketServer } from 'ws';
import type { Alerts } from '../alert/alerts.ts';
import type { EventLog } from '../event/event-log.ts';
import type { Frame, Hub } from './hub.ts';
import { joinPieces } from './pieces.ts';
import { refuseUpgrade } from './reply.ts';
import { numberOf } from './route.ts';
import { createEventStream } from './sse.ts';
import { createAudience } from './stream/audience.ts';
import type { Member } from './stream/audience.ts';
import { subscriptionOf, subscriptionOfQuery, TICKS_ONLY } from './stream/subscription.ts';
import type { Subscription } from './stream/subscription.ts';
import { textFrame, WEB_SOCKET } from './stream/web-socket-protocol.ts';

/** Seconds of history that a new client gets when it does not say how many; and the most. */
const BACKFILL = 900;
const LONGEST_BACKFILL = 3600;
/** More clients than this are refused, unless the daemon is told otherwise. */
const MOST_CLIENTS = 1000;
/** Bytes of one message of a client. */
const LONGEST_MESSAGE = 4096;
/** Messages that a client may send at once, and how many it may send a second in the long run; pings count. */
const MESSAGES_AT_ONCE = 30;
const MESSAGES_A_SECOND = 2;
/** Seconds between two pings; who has not answered one when the next is due is gone. */
const KEEP_ALIVE = 30;

/** What the stream sends beside samples. */
export interface StreamOptions {
  readonly hub: Hub;
  readonly version: string;
  readonly recording: () => boolean;
  readonly events?: EventLog;
  readonly alerts?: Alerts;
  /** Clients at the same time. Default 1000. */
  readonly mostClients?: number;
  /** Seconds between two pings. Default 30. */
  readonly keepAlive?: number;
  readonly onError: (error: unknown) => void;
}

/** Clients that get every tick as it comes: over WebSockets and as server-sent events. */
export interface Stream {
  /** Takes over a connection that asked for an upgrade. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
  /** Goes on with a response for as long as its client stays. `mark`: the last event that it has got, as the stream named it. */
  attach(response: ServerResponse, subscription: Subscription, mark: string | null): void;
  /** Clients now. */
  readonly clients: number;
  /** Whether another one would be refused. */
  readonly full: boolean;
  /** Says goodbye to all clients. */
  close(): void;
}

/** One client, as far as its protocol goes. */
interface Peer {
  readonly socket: WebSocket;
  readonly member: Member;
  /** Messages that it may send now. */
  allowance: number;
  /** Monotonic milliseconds of its last message. */
  heardAt: number;
  /** Whether it has answered since the last ping. */
  alive: boolean;
  pingAt: number;
}

/** Sends every tick to all clients: encoded once, and only while somebody listens. */
export function createStream(options: StreamOptions): Stream {
  const { hub, version, recording, mostClients = MOST_CLIENTS, keepAlive = KEEP_ALIVE, onError } = options;
  const audience = createAudience(options);
  const eventStream = createEventStream(audience);
  const peers = new Set<Peer>();
  /** What has just been made for a client who came; another who comes before the next tick gets the same. */
  const backfills = new Map<string, Promise<Buffer>>();
  let backfilled: Frame | null = null;
  let server: WebSocketServer | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const isFull = (): boolean => audience.size >= mostClients;

  const ping = (): void => {
    const now = performance.now();
    for (const peer of peers) {
      if (now < peer.pingAt) continue;
      if (!peer.alive) {
        peer.socket.terminate();
        continue;
      }
      peer.alive = false;
      peer.pingAt = now + keepAlive * 1000;
      peer.socket.ping();
    }
  };

  const backfillOf = (series: readonly string[] | null, seconds: number): Promise<Buffer> => {
    if (backfilled !== hub.latest) backfills.clear();
    backfilled = hub.latest;
    const to = hub.latest?.snapshot.time ?? 0;
    const key = JSON.stringify([series, seconds]);
    let made = backfills.get(key);
    if (!made) {
      const query = { from: to - seconds, to, ...(series ? { series } : {}) };
      backfills.set(key, (made = joinPieces(hub.history.encode(query, 'backfill')).then(textFrame)));
    }
    return made;
  };

  const greet = async (socket: Duplex, member: Member, subscription: Subscription, backfill: number): Promise<void> => {
    const host = hub.latest?.snapshot.host ?? null;
    socket.write(textFrame(JSON.stringify({ type: 'hello', version, interval: hub.interval, host, recording: recording() })));
    const frame = hub.latest;
    if (backfill > 0) socket.write(await backfillOf(subscription.series, backfill));
    member.begin(backfill > 0 ? frame : null);
  };

  /** Whether a client may send one more thing now. */
  const mayTalk = (peer: Peer): boolean => {
    const now = performance.now();
    peer.allowance = Math.min(MESSAGES_AT_ONCE, peer.allowance + ((now - peer.heardAt) / 1000) * MESSAGES_A_SECOND);
    peer.heardAt = now;
    peer.alive = true;
    if (peer.allowance < 1) {
      peer.socket.close(1008, 'Too many messages.');
      return false;
    }
    peer.allowance--;
    return true;
  };

  const listen = (peer: Peer, data: string): void => {
    if (peer.socket.readyState !== peer.socket.OPEN || !mayTalk(peer)) return;
    let message: unknown;
    try {
      message = JSON.parse(data);
    } catch {
      peer.socket.close(1007, 'Messages are JSON.');
      return;
    }
    try {
      peer.member.subscribe(subscriptionOf(message));
    } catch (error) {
      if (!(error instanceof HecateError)) throw error;
      peer.socket.close(1008, error.message);
    }
  };

  const adopt = (socket: WebSocket, connection: Duplex, subscription: Subscription, backfill: number): void => {
    const open = (): boolean => socket.readyState === socket.OPEN;
    // Frames are made here, once for all, and written past the library: it would make the same one again for each client.
    const listener = {
      protocol: WEB_SOCKET,
      backlog: () => connection.writableLength,
      write: (bytes: Buffer, sent: () => void) => {
        if (open()) connection.write(bytes, sent);
      },
    };
    const member = audience.join(listener, subscription);
    const now = performance.now();
    const peer: Peer = { socket, member, allowance: MESSAGES_AT_ONCE, heardAt: now, alive: true, pingAt: now + keepAlive * 1000 };
    peers.add(peer);
    timer ??= setInterval(ping, Math.min(1, keepAlive) * 1000).unref();
    socket.on('message', (data: RawData) => listen(peer, (data as Buffer).toString()));
    socket.on('ping', () => mayTalk(peer));
    socket.on('pong', () => (peer.alive = true));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      member.leave();
      peers.delete(peer);
      if (peers.size > 0) return;
      clearInterval(timer);
      timer = undefined;
      backfills.clear();
      backfilled = null;
    });
    greet(connection, member, subscription, backfill).catch(onError);
  };

  return {
    get clients() {
      return audience.size;
    },
    get full() {
      return isFull();
    },
    attach: (response, subscription, mark) => eventStream.attach(response, subscription, mark),
    async upgrade(request, socket, head) {
      let subscription: Subscription;
      let backfill: number;
      try {
        const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
        subscription = subscriptionOfQuery(searchParams, TICKS_ONLY);
        backfill = Math.min(numberOf(searchParams, 'backfill', BACKFILL), LONGEST_BACKFILL);
      } catch (error) {
        if (!(error instanceof HecateError) && !(error instanceof TypeError)) throw error;
        return refuseUpgrade(socket, 400);
      }
      // Loaded with the first client: a daemon that nobody watches does not pay for it.
      const { WebSocketServer: Server } = await import('ws');
      if (closed || isFull()) return refuseUpgrade(socket, 503);
      server ??= new Server({ noServer: true, maxPayload: LONGEST_MESSAGE, perMessageDeflate: false, clientTracking: false });
      server.handleUpgrade(request, socket, head, (webSocket) => adopt(webSocket, socket, subscription, backfill));
    },
    close() {
      closed = true;
      clearInterval(timer);
      eventStream.close();
      const leaving = [...peers];
      for (const { socket, member } of leaving) {
        member.leave();
        socket.close(1001, 'The server stops.');
      }
      setTimeout(() => {
        for (const { socket } of leaving) socket.terminate();
      }, 500).unref();
      server?.close();
    },
  };
}
