import { connect } from 'node:net';
import { causeOf } from '@hecate/host';
import { SENT } from '../transport.ts';
import type { Outcome, Transport } from '../transport.ts';

/** A server that takes lines. */
export interface TcpTarget {
  readonly host: string;
  readonly port: number;
  /** Seconds for a delivery. */
  readonly timeout: number;
}

/** How a host and a port are written, with the brackets of IPv6. */
export const encodeAddress = ({ host, port }: { readonly host: string; readonly port: number }): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`;

/**
 * A connection for each delivery. The protocol has no acknowledgement: what lies in the buffer of a socket when the server dies is lost
 * without a word. So we end our side, and count it as sent when the server, having read all, ends its own.
 */
export function createTcpTransport(target: TcpTarget): Transport {
  const deliver = (body: Buffer, signal: AbortSignal): Promise<Outcome> =>
    new Promise((resolve) => {
      const socket = connect({ host: target.host, port: target.port });
      const finish = (outcome: Outcome): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
        socket.destroy();
        resolve(outcome);
      };
      const fail = (why: string): void => finish({ kind: 'failed', why });
      const abort = (): void => fail('was given up');
      const timer = setTimeout(() => fail(`did not take it within ${target.timeout} s`), target.timeout * 1000);
      let flushed = false;
      socket.on('error', (error) => fail(`cannot be reached: ${causeOf(error)}`));
      socket.on('end', () => (flushed ? finish(SENT) : fail('closed the connection')));
      // What it says is not for us, but as long as nobody reads it, its end does not come either.
      socket.resume();
      if (signal.aborted) return abort();
      signal.addEventListener('abort', abort, { once: true });
      socket.end(body, () => (flushed = true));
    });
  return {
    place: `tcp://${encodeAddress(target)}`,
    send: ({ chunks, format, signal }) => deliver(format.join(chunks), signal),
    close: () => undefined,
  };
}
