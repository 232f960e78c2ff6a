import type { GapSink } from '../../model/gap.ts';
import { lacks } from '../reader.ts';

/** What macOS does not count of a network interface. */
export const UNCOUNTED = {
  receiveFifo: null,
  receiveFrame: null,
  receiveCompressed: null,
  transmitFifo: null,
  transmitCarrier: null,
  transmitCompressed: null,
} as const;

/** Says of it that macOS has no such thing. */
export function lackUncounted(gaps: GapSink): void {
  lacks(
    gaps,
    Object.keys(UNCOUNTED).map((name) => `network.${name}`),
    'macOS does not count this.',
  );
}
