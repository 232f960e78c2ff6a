import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { causeOf } from '@hecate/host';
import { SENT } from '../transport.ts';
import type { Transport } from '../transport.ts';
import { encodeAddress } from './tcp.ts';

/** A server that takes lines in datagrams. */
export interface UdpTarget {
  readonly host: string;
  readonly port: number;
}

/** So much goes through Ethernet in one piece, also inside a tunnel. */
const DATAGRAM = 1432;
const NEWLINE = 10;

/** Whole lines, as many together as a datagram holds. A line that is longer than that goes alone; the newline at the end of each is left out. */
export function* datagramsOf(body: Buffer): Generator<Buffer> {
  let start = 0;
  let end = 0;
  while (end < body.length) {
    const newline = body.indexOf(NEWLINE, end);
    const next = newline < 0 ? body.length : newline + 1;
    if (next - 1 - start > DATAGRAM && end > start) {
      yield body.subarray(start, end - 1);
      start = end;
    }
    end = next;
  }
  if (end > start) yield body.subarray(start, body[end - 1] === NEWLINE ? end - 1 : end);
}

/** Datagrams, sent and forgotten: whether anybody got them, nobody says. */
export function createUdpTransport(target: UdpTarget): Transport {
  let socket: Socket | null = null;
  const drop = (): void => {
    socket?.close();
    socket = null;
  };
  return {
    place: `udp://${encodeAddress(target)}`,
    async send({ chunks, format }) {
      try {
        const { address, family } = await lookup(target.host);
        socket ??= createSocket(family === 6 ? 'udp6' : 'udp4').unref();
        const open = socket;
        // The kernel tells of a port where nobody listens by an error of a later call; there is nothing to be done about it here.
        open.removeAllListeners('error').on('error', drop);
        for (const datagram of datagramsOf(format.join(chunks))) {
          await new Promise<void>((resolve, reject) => {
            open.send(datagram, target.port, address, (error) => (error ? reject(error) : resolve()));
          });
        }
        return SENT;
      } catch (error) {
        drop();
        return { kind: 'failed', why: `cannot be reached: ${causeOf(error)}` };
      }
    },
    close: drop,
  };
}
