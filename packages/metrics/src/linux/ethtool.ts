import { errnoOf, HecateError, nativeBuffer, openNative } from '@hecate/host';
import type { Native } from '@hecate/host';
import { ethtoolGroups } from '../domain/ethtool.ts';
import type { DriverCounter, EthtoolReading } from '../domain/ethtool.ts';
import type { Collector } from '../model/collector.ts';
import { attributeText } from './netlink/message.ts';
import { readLinkNames } from './netlink/route.ts';
import { NETLINK_ROUTE, openNetlink } from './netlink/socket.ts';

const SIOCETHTOOL = 0x8946;
/** Bytes of `struct ifreq`: a name of sixteen bytes, and a pointer. */
const IFREQ = 40;
const NAME = 16;

/** Commands and lengths of linux/ethtool.h. */
const GET_DRIVER_INFO = 3;
const GET_STRINGS = 0x1b;
const GET_STATISTICS = 0x1d;
const DRIVER_INFO_LENGTH = 196;
const COUNTER_COUNT_AT = 180;
const STRING_LENGTH = 32;
const SET_OF_STATISTICS = 1;
/** No driver has as many counters; more would be nonsense. */
const MOST_COUNTERS = 32_768;

/** What a driver answers that has nothing to say; ENOTSUP is Node's name of EOPNOTSUPP. */
const SILENCE = new Set(['ENOTSUP', 'ENODEV', 'EINVAL']);

/** Asks the driver of an interface: `command` begins with its number, and is the answer afterwards. */
export type AskDriver = (device: string, command: Buffer) => void;

function createAsk(native: Native, descriptor: number): AskDriver {
  return (device, command) => {
    const request = nativeBuffer(IFREQ);
    request.write(device, 0, NAME - 1, 'utf8');
    request.writeBigUInt64LE(native.address(command), NAME);
    native.syscall('ioctl', descriptor, SIOCETHTOOL, request);
  };
}

/** Memory for a command of `length` bytes, its number written. */
function commandOf(number: number, length: number): Buffer {
  const command = nativeBuffer(length);
  command.writeUInt32LE(number, 0);
  return command;
}

/** The driver's own counters, names and values from two questions between which nothing may change but values. */
function readCounters(ask: AskDriver, device: string, count: number): DriverCounter[] {
  if (count === 0 || count > MOST_COUNTERS) return [];
  const strings = commandOf(GET_STRINGS, 12 + count * STRING_LENGTH);
  strings.writeUInt32LE(SET_OF_STATISTICS, 4);
  strings.writeUInt32LE(count, 8);
  ask(device, strings);
  const values = commandOf(GET_STATISTICS, 8 + count * 8);
  values.writeUInt32LE(count, 4);
  ask(device, values);
  return Array.from({ length: Math.min(count, strings.readUInt32LE(8), values.readUInt32LE(4)) }, (_, index) => ({
    name: attributeText(strings.subarray(12 + index * STRING_LENGTH, 12 + (index + 1) * STRING_LENGTH))!,
    value: values.readUInt32LE(8 + index * 8) + values.readUInt32LE(12 + index * 8) * 2 ** 32,
  })).filter(({ name }) => name !== '');
}

/** What the driver of an interface says of itself (`struct ethtool_drvinfo`) and counts. Null when it says nothing. */
export function readDriver(ask: AskDriver, device: string): EthtoolReading | null {
  const info = commandOf(GET_DRIVER_INFO, DRIVER_INFO_LENGTH);
  try {
    ask(device, info);
  } catch (error) {
    if (SILENCE.has(errnoOf(error) ?? '')) return null;
    throw error;
  }
  const text = (at: number): string => attributeText(info.subarray(at, at + STRING_LENGTH))!;
  let counters: DriverCounter[] = [];
  try {
    counters = readCounters(ask, device, info.readUInt32LE(COUNTER_COUNT_AT));
  } catch (error) {
    if (!SILENCE.has(errnoOf(error) ?? '')) throw error;
  }
  return {
    device,
    driver: text(4),
    version: text(36),
    firmwareVersion: text(68),
    busInfo: text(100),
    expansionRomVersion: text(132),
    counters,
  };
}

/** Drivers of the interfaces of our own network namespace, and what they count: hundreds of numbers each, so only on request. */
export const ethtool: Collector<'ethtool', readonly EthtoolReading[]> = {
  name: 'ethtool',
  lane: 'slow',
  onRequest: true,
  sources: ['ioctl SIOCETHTOOL'],
  remedy: 'Drivers are asked on the machine we run on, by native calls (koffi).',
  groups: ethtoolGroups,
  open: (host) => ({
    *read(gaps) {
      if (host.kind !== 'real')
        throw new HecateError('UNAVAILABLE', 'What drivers say is in no file, so only the machine we run on has it.');
      const socket = openNetlink(NETLINK_ROUTE);
      try {
        const ask = createAsk(openNative(), socket.descriptor);
        const readings: EthtoolReading[] = [];
        for (const device of readLinkNames(socket).values()) {
          try {
            const reading = readDriver(ask, device);
            if (reading) readings.push(reading);
          } catch (error) {
            gaps.addError(`ethtool.${device}`, error);
          }
          yield;
        }
        return readings;
      } finally {
        socket.close();
      }
    },
    close: () => {},
  }),
};
