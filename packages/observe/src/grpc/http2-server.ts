import { constants, createSecureServer, createServer } from 'node:http2';
import type { Http2SecureServer, Http2Server, Http2ServerRequest, Http2ServerResponse, ServerHttp2Session } from 'node:http2';
import { bind } from '../serve/bind.ts';
import { limitConnections } from '../serve/limits.ts';
import { encryptServer } from '../serve/tls.ts';
import type { GrpcOptions } from './grpc-options.ts';

/** Bytes of all headers of a call. */
const LONGEST_HEAD = 16 * 1024;
/** Seconds between two looks at the connections. */
const LOOK = 20;
/** Pings and changes of settings that a connection may send between two looks: more are sent to keep us busy. */
const MOST_CHATTER = 1000;
/** Looks after which a connection without a call is ended: a client that wants to keep one makes a call. */
const IDLE_LOOKS = 15;

const OPTIONS = {
  settings: { maxConcurrentStreams: 256, maxHeaderListSize: LONGEST_HEAD, enablePush: false },
  maxHeaderListPairs: 64,
  // MiB of what waits to be sent on a connection: beyond it, new calls are refused.
  maxSessionMemory: 8,
  maxSessionInvalidFrames: 100,
  maxSessionRejectedStreams: 100,
  maxOutstandingPings: 4,
  maxOutstandingSettings: 4,
  unknownProtocolTimeout: 5000,
} as const;

/** A connection, and what it did lately. */
interface Watched {
  calls: number;
  quietLooks: number;
  chatter: number;
  isAsked: boolean;
}

/** A server of HTTP/2 whose connections are watched. */
export interface WatchedServer {
  readonly url: string;
  /** Tells all connections to come to an end, and ends those that do not within a second. */
  close(): Promise<void>;
}

type Handle = (request: Http2ServerRequest, response: Http2ServerResponse) => void;

/**
 * Listens. Connections are bounded in number, in what they may hold and in what they may send beside calls; who does not answer a
 * ping, or makes no call for five minutes, is let go. Rejects as {@link bind}, and with INVALID or DENIED for a bad certificate.
 */
export async function openHttp2(
  { address, port, tls, connections, warn, onError }: Pick<GrpcOptions, 'address' | 'port' | 'tls' | 'connections' | 'warn' | 'onError'>,
  handle: Handle,
): Promise<WatchedServer> {
  const encrypted = tls ? encryptServer(tls, (given) => createSecureServer({ ...OPTIONS, ...given, allowHTTP1: false }), warn) : null;
  const server: Http2Server | Http2SecureServer = encrypted?.server ?? createServer(OPTIONS);
  // Nobody is told that there is no room: that would take a handshake.
  limitConnections(server, connections, true);
  const sessions = watchSessions(server);
  server.on('request', handle);
  // Garbage, HTTP/1, a client that is gone: the connection is over, and that is all.
  server.on('sessionError', () => undefined);
  const bound = await bind(server, address, port, '--grpc-port').catch((error: unknown) => {
    encrypted?.close();
    sessions.stop();
    throw error;
  });
  server.on('error', onError);
  const name = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address;
  return {
    url: `${encrypted ? 'https' : 'http'}://${name}:${bound.port}/`,
    close: () =>
      new Promise((resolve) => {
        encrypted?.close();
        sessions.stop();
        server.close(() => resolve());
        for (const session of sessions.all()) session.close();
        setTimeout(() => {
          for (const session of sessions.all()) session.destroy();
        }, 1000).unref();
      }),
  };
}

/** Keeps an eye on all connections of a server. */
function watchSessions(server: Http2Server | Http2SecureServer): { all(): readonly ServerHttp2Session[]; stop(): void } {
  const watched = new Map<ServerHttp2Session, Watched>();
  const calmDown = (session: ServerHttp2Session): void => session.destroy(undefined, constants.NGHTTP2_ENHANCE_YOUR_CALM);

  server.on('session', (session: ServerHttp2Session) => {
    const state: Watched = { calls: 0, quietLooks: 0, chatter: 0, isAsked: false };
    watched.set(session, state);
    const chat = (): void => {
      if (++state.chatter > MOST_CHATTER) calmDown(session);
    };
    session.on('ping', chat);
    session.on('remoteSettings', chat);
    session.on('error', () => session.destroy());
    session.on('stream', (stream) => {
      state.calls++;
      stream.on('error', () => stream.close());
      stream.once('close', () => {
        state.calls--;
        // Called and given up at once, over and over.
        if (stream.aborted) chat();
      });
    });
    session.once('close', () => watched.delete(session));
  });

  const look = setInterval(() => {
    for (const [session, state] of watched) {
      state.chatter = 0;
      state.quietLooks = state.calls === 0 ? state.quietLooks + 1 : 0;
      if (state.isAsked || session.destroyed) session.destroy();
      else if (state.quietLooks >= IDLE_LOOKS) session.close();
      else state.isAsked = session.ping(() => (state.isAsked = false));
    }
  }, LOOK * 1000);
  look.unref();
  return { all: () => [...watched.keys()], stop: () => clearInterval(look) };
}
