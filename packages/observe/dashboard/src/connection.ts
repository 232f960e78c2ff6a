import type { ServerFrame, SubscribeFrame } from './api.ts';

/** How the stream stands. */
export type ConnectionState =
  | { readonly status: 'connecting'; readonly since: number }
  | { readonly status: 'live'; readonly since: number }
  /** Waits to try again; `since` is when it was lost, `retryAt` when it is tried again (milliseconds since the epoch). */
  | { readonly status: 'waiting'; readonly since: number; readonly retryAt: number };

/** A stream of frames that connects again by itself. */
export interface Connection {
  /** Sends when live; otherwise the caller sends again at the next `hello`. */
  send(frame: SubscribeFrame): void;
  /** Tries at once instead of waiting. */
  retryNow(): void;
  close(): void;
}

/** Where a connection takes its parts from; tests give their own. */
export interface ConnectionParts {
  readonly url: string;
  readonly onFrame: (frame: ServerFrame) => void;
  readonly onState: (state: ConnectionState) => void;
  readonly open?: (url: string) => WebSocket;
  /** 0 to 1. */
  readonly random?: () => number;
}

/** Milliseconds of the first wait; each further one is twice as long. */
const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;
/** Milliseconds without any frame after which a connection counts as dead, as half-open ones never say so. */
const SILENCE = 10_000;

/** Milliseconds to wait before attempt number `attempt` (from 0), spread so that many pages do not come back at once. */
export function backOff(attempt: number, random: number): number {
  return Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** attempt) * (0.75 + random * 0.5);
}

/** Connects, and stays connected until closed. */
export function connect(parts: ConnectionParts): Connection {
  const open = parts.open ?? ((url: string) => new WebSocket(url));
  const random = parts.random ?? Math.random;
  let socket: WebSocket | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let watchdog: ReturnType<typeof setTimeout> | undefined;
  let attempt = 0;
  let lostAt: number | null = null;
  let closed = false;
  let silence = SILENCE;

  const lose = (): void => {
    clearTimeout(watchdog);
    socket = null;
    if (closed) return;
    lostAt ??= Date.now();
    const wait = backOff(attempt++, random());
    parts.onState({ status: 'waiting', since: lostAt, retryAt: Date.now() + wait });
    clearTimeout(timer);
    timer = setTimeout(start, wait);
  };

  const watch = (owner: WebSocket): void => {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => {
      if (socket !== owner) return;
      owner.onclose = null;
      owner.close();
      lose();
    }, silence);
  };

  function start(): void {
    clearTimeout(timer);
    parts.onState({ status: 'connecting', since: lostAt ?? Date.now() });
    const mine = open(parts.url);
    socket = mine;
    watch(mine);
    mine.onmessage = (event: MessageEvent<string>): void => {
      watch(mine);
      const frame = JSON.parse(event.data) as ServerFrame;
      if (frame.type === 'hello') {
        attempt = 0;
        lostAt = null;
        silence = Math.max(SILENCE, frame.interval * 5000);
        parts.onState({ status: 'live', since: Date.now() });
      }
      parts.onFrame(frame);
    };
    mine.onclose = () => {
      if (socket === mine) lose();
    };
  }

  start();
  return {
    send(frame) {
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
    },
    retryNow() {
      if (socket === null && !closed) {
        attempt = 0;
        start();
      }
    },
    close() {
      closed = true;
      clearTimeout(timer);
      clearTimeout(watchdog);
      if (socket) {
        socket.onclose = null;
        socket.close();
      }
    },
  };
}
