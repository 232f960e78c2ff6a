import type { NetworkReading } from '../../../domain/network.ts';
import { UNCOUNTED } from '../../network/uncounted.ts';
import type { NetstatInterface } from '../netstat-interfaces.ts';

/**
 * Counters from `netstat -ibdnW`. Fills bytes, packets and errors of both directions, collisions, drops of the send queue, `index`, and
 * `physical` (`en0`, `en1`, …). Null stay drops and multicasts received, and what macOS does not count.
 * An interface whose packets, bytes or errors were not numbers is left out.
 */
export function networkFromNetstat(interfaces: readonly NetstatInterface[]): NetworkReading[] {
  return interfaces.flatMap((one) => {
    const { receiveBytes, receivePackets, receiveErrors, transmitBytes, transmitPackets, transmitErrors, collisions } = one;
    if (receiveBytes === null || receivePackets === null || transmitBytes === null || transmitPackets === null) return [];
    if (receiveErrors === null || transmitErrors === null) return [];
    return {
      device: one.name,
      index: one.index,
      physical: /^en\d+$/.test(one.name),
      ...{ receiveBytes, receivePackets, receiveErrors, receiveDrops: null, receiveMulticast: null },
      ...{ transmitBytes, transmitPackets, transmitErrors, transmitDrops: one.transmitDrops, transmitCollisions: collisions },
      ...UNCOUNTED,
    };
  });
}
