import { causeOf, errnoOf } from '@hecate/host';
import { SENT } from '../transport.ts';
import type { Outcome, Transport } from '../transport.ts';

/** Bytes that may wait for a reader that is slow; beyond it samples are left out. */
const MOST_WAITING = 1024 * 1024;

/**
 * Writes to a stream: the standard output. A reader that is too slow misses samples, one that went away is `gone`. Whole chunks only.
 */
export function createStdoutTransport(stream: NodeJS.WriteStream = process.stdout): Transport {
  let gone: Outcome | null = null;
  stream.on('error', (error) => {
    gone ??= { kind: 'gone', why: errnoOf(error) === 'EPIPE' ? 'is not read any more' : `cannot be written: ${causeOf(error)}` };
  });
  let begun = false;
  return {
    place: 'standard output',
    send({ chunks, format, header }) {
      if (gone) return Promise.resolve(gone);
      if (stream.writableLength > MOST_WAITING) return Promise.resolve({ kind: 'refused', why: 'is read too slowly' });
      if (!begun && header) stream.write(header);
      begun = true;
      stream.write(format.join(chunks));
      return Promise.resolve(SENT);
    },
    close: () => undefined,
  };
}
