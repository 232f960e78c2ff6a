import { isIPv6 } from 'node:net';
import type { Server, Socket } from 'node:net';
import { isLoopback } from './access.ts';

/** How often something may be done: so often a second, and so often at once after a rest. */
export interface Pace {
  readonly perSecond: number;
  readonly atOnce: number;
}

/** Counts what addresses do. */
export interface RateLimit {
  /** Takes one from an address; false when it has none left. */
  take(address: string): boolean;
  /** Whole seconds after which an address has one again. */
  readonly retryAfter: number;
}

/** Addresses that are remembered at most. */
const MOST_ADDRESSES = 4096;

/** `::ffff:10.0.0.1` is 10.0.0.1. Whoever has one address of IPv6 has all of its /64. */
function neighbourhood(address: string): string {
  if (address.startsWith('::ffff:')) return address.slice(7);
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const rest = tail ? tail.split(':').length : 0;
  while (tail !== undefined && groups.length + rest < 8) groups.push('0');
  return groups.slice(0, 4).join(':');
}

/** Whether requests of this address come from the machine itself. */
export const isLocal = (address: string): boolean => isLoopback(address.startsWith('::ffff:') ? address.slice(7) : address);

/** A bucket an address: it holds `atOnce`, and gets `perSecond` back. Addresses that are full again are forgotten. */
export function createRateLimit({ perSecond, atOnce }: Pace, now: () => number = () => performance.now() / 1000): RateLimit {
  const buckets = new Map<string, { left: number; at: number }>();
  const sweep = (time: number): void => {
    for (const [key, { left, at }] of buckets) if (left + (time - at) * perSecond >= atOnce) buckets.delete(key);
    // All of them are busy: the one that has been here longest starts anew.
    if (buckets.size >= MOST_ADDRESSES) buckets.delete(buckets.keys().next().value!);
  };
  return {
    retryAfter: Math.max(1, Math.ceil(1 / perSecond)),
    take(address) {
      const key = neighbourhood(address);
      const time = now();
      let bucket = buckets.get(key);
      if (!bucket) {
        if (buckets.size >= MOST_ADDRESSES) sweep(time);
        buckets.set(key, (bucket = { left: atOnce, at: time }));
      }
      bucket.left = Math.min(atOnce, bucket.left + (time - bucket.at) * perSecond);
      bucket.at = time;
      if (bucket.left < 1) return false;
      bucket.left--;
      return true;
    },
  };
}

/** Connections that are open. */
export interface ConnectionLimit {
  /** Whether this connection was refused: what it sends is not looked at. */
  isRefused(socket: Socket): boolean;
  /** Counts a connection no longer: it has become a stream, and streams have a limit of their own. */
  release(socket: Socket): void;
}

const BUSY = 'HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';
/** Of one address of another machine, a share of all. */
const SHARE = 4;
/** Milliseconds for which a refused client may read why. */
const PATIENCE = 1000;

/**
 * Bounds connections, all and per address of another machine. Who comes beyond that is told to come back, and let go; when even those
 * who are being told are too many, the kernel's queue is where the others wait.
 */
export function limitConnections(server: Server, most: number, encrypted: boolean): ConnectionLimit {
  const refused = new WeakSet<Socket>();
  /** Of each connection that counts, whose it is. Encrypted ones have two sockets: both know the other end by its port. */
  const counted = new Map<string, string>();
  const byAddress = new Map<string, number>();
  const nameOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`;
  let leaving = 0;

  const forget = (name: string): void => {
    const address = counted.get(name);
    if (address === undefined) return;
    counted.delete(name);
    const left = (byAddress.get(address) ?? 1) - 1;
    if (left > 0) byAddress.set(address, left);
    else byAddress.delete(address);
  };

  server.on('connection', (socket: Socket) => {
    const address = neighbourhood(socket.remoteAddress ?? '');
    const ofAddress = byAddress.get(address) ?? 0;
    if (counted.size < most && (ofAddress < most / SHARE || isLocal(address))) {
      const name = nameOf(socket);
      counted.set(name, address);
      byAddress.set(address, ofAddress + 1);
      socket.once('close', () => forget(name));
      return;
    }
    refused.add(socket);
    socket.on('error', () => socket.destroy());
    // To greet an encrypted one would cost the handshake that we want to spare.
    if (encrypted || leaving >= most) {
      socket.destroy();
      return;
    }
    leaving++;
    const timer = setTimeout(() => socket.destroy(), PATIENCE);
    socket.once('close', () => {
      leaving--;
      clearTimeout(timer);
    });
    socket.end(BUSY);
  });
  return { isRefused: (socket) => refused.has(socket), release: (socket) => forget(nameOf(socket)) };
}
