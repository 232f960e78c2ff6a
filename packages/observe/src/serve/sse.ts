import type { ServerResponse } from 'node:http';
import type { Audience, Member } from './stream/audience.ts';
import type { Protocol } from './stream/listener.ts';
import type { Subscription } from './stream/subscription.ts';

/** Media type of server-sent events. */
export const EVENT_STREAM_TYPE = 'text/event-stream; charset=utf-8';

/** Milliseconds after which a browser that lost us comes back. */
const RETRY = 3000;
/** Seconds between two comments that keep proxies from closing a quiet connection. */
const HEARTBEAT = 15;
/** Heartbeats that find bytes waiting and none gone before a client counts as dead. */
const MOST_STALLS = 4;

/** What we send is JSON, which has no line break in it: one `data` line each. */
const SERVER_SENT: Protocol = {
  wrap: (topic, text, mark) => Buffer.from(`event: ${topic}\n${mark === null ? '' : `id: ${mark}\n`}data: ${text}\n\n`),
};

/** The clients that listen by server-sent events. */
export interface EventStream {
  /** Goes on with a response whose head is written, for as long as its client stays. */
  attach(response: ServerResponse, subscription: Subscription, mark: string | null): void;
  /** Ends all of them. */
  close(): void;
}

interface Peer {
  readonly response: ServerResponse;
  readonly member: Member;
  /** Bytes that had left this process at the last heartbeat, and how often none had left since. */
  gone: number;
  stalls: number;
}

/** Server-sent events for an audience. */
export function createEventStream(audience: Audience): EventStream {
  const peers = new Set<Peer>();
  let timer: NodeJS.Timeout | undefined;

  const beat = (): void => {
    for (const peer of peers) {
      const { response } = peer;
      const waiting = response.writableLength;
      const gone = (response.socket?.bytesWritten ?? 0) - waiting;
      peer.stalls = waiting > 0 && gone === peer.gone ? peer.stalls + 1 : 0;
      peer.gone = gone;
      if (peer.stalls >= MOST_STALLS) response.destroy();
      else if (waiting === 0) response.write(':\n\n');
    }
  };

  return {
    attach(response, subscription, mark) {
      const listener = {
        protocol: SERVER_SENT,
        backlog: () => response.writableLength,
        write: (bytes: Buffer, sent: () => void) => {
          if (!response.destroyed) response.write(bytes, sent);
        },
      };
      const member = audience.join(listener, subscription, mark === null ? null : audience.idOf(mark));
      const peer: Peer = { response, member, gone: 0, stalls: 0 };
      peers.add(peer);
      timer ??= setInterval(beat, HEARTBEAT * 1000).unref();
      response.on('error', () => response.destroy());
      response.on('close', () => {
        member.leave();
        peers.delete(peer);
        if (peers.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      });
      response.write(`retry: ${RETRY}\n\n`);
      member.begin(null);
    },
    close() {
      for (const { response, member } of peers) {
        member.leave();
        response.end();
      }
    },
  };
}
