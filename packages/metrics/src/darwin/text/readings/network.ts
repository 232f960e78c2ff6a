import type { NetworkReading } from '../../../domain/network.ts';
import type { NetstatInterface } from '../netstat-interfaces.ts';

/** A reading that says nothing of two counters that netstat has no columns for. */
export type NetstatReading = Omit<NetworkReading, 'receiveDrops' | 'receiveMulticast' | 'transmitDrops'> & {
  readonly receiveDrops: null;
  readonly receiveMulticast: null;
  /** Null without the column `Drop`. */
  readonly transmitDrops: number | null;
};

/**
 * Counters from `netstat -ibdnW`. Fills bytes, packets and errors of both directions, collisions, drops of the send queue, `index`, and
 * `physical` (`en0`, `en1`, …). Null stay drops and multicasts received, and what macOS does not count.
 * An interface whose counters were not numbers is left out.
 */
export function networkFromNetstat(interfaces: readonly NetstatInterface[]): NetstatReading[] {
  return interfaces.flatMap((one) => {
    const { receiveBytes, receivePackets, receiveErrors, transmitBytes, transmitPackets, transmitErrors, collisions } = one;
    if (receiveBytes === null || receivePackets === null || transmitBytes === null || transmitPackets === null) return [];
    if (receiveErrors === null || transmitErrors === null || collisions === null) return [];
    return {
      device: one.name,
      index: one.index,
      physical: /^en\d+$/.test(one.name),
      ...{ receiveBytes, receivePackets, receiveErrors, receiveDrops: null, receiveMulticast: null },
      ...{ receiveFifo: null, receiveFrame: null, receiveCompressed: null },
      ...{ transmitBytes, transmitPackets, transmitErrors, transmitDrops: one.transmitDrops, transmitCollisions: collisions },
      ...{ transmitFifo: null, transmitCarrier: null, transmitCompressed: null },
    };
  });
}

/**
 * Native readings whose bytes the kernel has rounded, or cut at 4 GiB, with the exact counters of netstat in their place.
 * The two were read one after the other, so all counters of an interface are taken from netstat together.
 */
export function withNetstatCounters(readings: readonly NetworkReading[], interfaces: readonly NetstatInterface[]): NetworkReading[] {
  const exact = new Map(networkFromNetstat(interfaces).map((reading) => [reading.device, reading]));
  return readings.map((reading) => {
    const found = exact.get(reading.device);
    if (!found || found.index !== reading.index) return reading;
    const { receiveBytes, receivePackets, receiveErrors, transmitBytes, transmitPackets, transmitErrors } = found;
    return { ...reading, receiveBytes, receivePackets, receiveErrors, transmitBytes, transmitPackets, transmitErrors };
  });
}
