import { constants } from 'node:http2';
import type { Http2ServerResponse, ServerHttp2Stream } from 'node:http2';
import { Code } from '@connectrpc/connect';
import type { Frame, Hub } from '../serve/hub.ts';
import { optimise } from '../serve/lean-memory.ts';
import { createTurn } from '../serve/pieces.ts';
import type { Subscription } from '../serve/stream/subscription.ts';
import { trailersOf } from './status.ts';
import type { Refusal } from './status.ts';
import { encodeTick } from './tick-bytes.ts';

/** What a client of `Stream` wants. */
export type TickWish = Pick<Subscription, 'series' | 'every'>;

/** Clients that get the same at the same times. */
interface Group {
  readonly every: number;
  readonly series: ReadonlySet<string> | null;
  readonly clients: Set<Client>;
  /** Number of the stretch of `every` seconds that was served last. */
  slot: number;
  frame: Frame | null;
  bytes: Buffer | null;
}

interface Client {
  readonly stream: ServerHttp2Stream;
  /** Holds the trailers. */
  readonly response: Http2ServerResponse;
  /** Whether a tick was due when it had not read the one before yet. */
  owes: boolean;
  /** The newest tick that it has got: who comes while a tick is told to one after the other is not told it twice. */
  newest: Frame | null;
}

/** All clients of `Stream` that speak gRPC itself. */
export interface TickStreams {
  /** Answers a call for as long as the client stays, or for `timeout` milliseconds. */
  accept(response: Http2ServerResponse, wish: TickWish, contentType: string, timeout: number | undefined): void;
  /** Ends all calls. */
  close(): void;
}

/** Milliseconds that a client may take to read the end. */
const PATIENCE = 5000;
/** Calls after which code is compiled, which a daemon that keeps its memory lean does not do otherwise. */
const MANY = 200;
/** Longer timers would fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

const LATE: Refusal = { code: Code.DeadlineExceeded, message: 'The time that you gave is over.' };

/** What a client hears when the daemon ends. */
export const ENDING: Refusal = { code: Code.Unavailable, message: 'The daemon ends.' };

/**
 * Number of the stretch of `every` seconds in which a tick lies: half an interval earlier is the same moment. NaN, which is no number
 * of any stretch before, for who wants every tick.
 */
export const slotOf = (time: number, every: number, interval: number): number =>
  every <= interval ? Number.NaN : Math.floor((time + interval / 2) / every);

/**
 * Sends every tick to all clients: encoded once for those that want the same, written to HTTP/2 as it is, and never faster than a
 * client reads. A library that encodes for each of them, and hands each message through its layers, costs several times as much.
 */
export function createTickStreams(hub: Hub, onError: (error: unknown) => void): TickStreams {
  const groups = new Map<string, Group>();
  let leave: (() => void) | null = null;
  let next: Frame | null = null;
  let sending = false;
  let accepted = 0;

  const bytesOf = (group: Group, frame: Frame): Buffer => {
    if (group.frame !== frame || !group.bytes) {
      group.frame = frame;
      group.bytes = encodeTick(frame, group.series);
    }
    return group.bytes;
  };
  const send = (group: Group, client: Client, frame: Frame): void => {
    const { stream } = client;
    if (client.newest === frame) return;
    client.owes = stream.writableLength > 0;
    if (client.owes || stream.writableEnded || stream.destroyed) return;
    client.newest = frame;
    stream.write(bytesOf(group, frame));
  };

  const broadcast = async (): Promise<void> => {
    sending = true;
    try {
      for (let frame = next; frame !== null; frame = next) {
        next = null;
        hub.look();
        const turn = createTurn();
        for (const group of groups.values()) {
          const slot = slotOf(frame.snapshot.time, group.every, hub.interval);
          const isDue = slot !== group.slot;
          group.slot = slot;
          for (const client of group.clients) {
            if (isDue || client.owes) send(group, client, frame);
            if (turn.isOver()) await turn.next();
          }
        }
      }
    } finally {
      sending = false;
    }
  };
  const hear = (): (() => void) =>
    hub.subscribe((frame) => {
      // While one is being sent a newer one waits, and takes the place of one that waited.
      next = frame;
      if (!sending) broadcast().catch(onError);
    });

  const groupOf = ({ series, every }: TickWish): Group => {
    const key = JSON.stringify([every, series]);
    let group = groups.get(key);
    if (!group) {
      const slot = hub.latest ? slotOf(hub.latest.snapshot.time, every, hub.interval) : -1;
      group = { every, series: series && new Set(series), clients: new Set(), slot, frame: null, bytes: null };
      groups.set(key, group);
    }
    return group;
  };

  return {
    accept(response, wish, contentType, timeout) {
      const { stream } = response;
      if (stream.destroyed) return;
      const group = groupOf(wish);
      const client: Client = { stream, response, owes: false, newest: null };
      const timer = timeout === undefined || timeout > LONGEST_TIMER ? undefined : setTimeout(() => end(client, LATE), timeout);
      stream.once('close', () => {
        clearTimeout(timer);
        group.clients.delete(client);
        if (group.clients.size === 0) groups.delete(JSON.stringify([wish.every, wish.series]));
        if (groups.size > 0) return;
        leave?.();
        leave = next = null;
      });
      stream.respond({ ':status': 200, 'content-type': contentType }, { waitForTrailers: true });
      group.clients.add(client);
      // Interpreted, a message takes twice as long: from here on compiling pays.
      if (++accepted === MANY) optimise(true);
      leave ??= hear();
      if (hub.latest) send(group, client, hub.latest);
    },
    close() {
      for (const { clients } of groups.values()) for (const client of clients) end(client, ENDING);
    },
  };

  function end(client: Client, why: Refusal): void {
    const { stream, response } = client;
    response.addTrailers(trailersOf(why));
    stream.end();
    // Who does not read does not hear of it either.
    stream.setTimeout(PATIENCE, () => stream.close(constants.NGHTTP2_CANCEL));
  }
}
