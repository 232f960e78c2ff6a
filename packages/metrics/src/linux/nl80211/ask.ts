import { errnoOf } from '@hecate/host';
import type { WifiReading } from '../../domain/wifi.ts';
import type { GapSink } from '../../model/gap.ts';
import { genericPayload, resolveFamily } from '../netlink/generic.ts';
import type { NetlinkSocket } from '../netlink/socket.ts';
import type { NetlinkMessage } from '../netlink/message.ts';
import { decodeInterface, decodeNetwork, decodeStation } from './decode.ts';
import type { WifiInterface } from './decode.ts';

/** Commands and the one attribute that is asked with (linux/nl80211.h). */
const GET_INTERFACE = 5;
const GET_STATION = 17;
const GET_SCAN = 32;
const ATTR_IFINDEX = 3;

/** What the kernel answers when an interface has no such thing, is down, or has gone; ENOTSUP is Node's name of EOPNOTSUPP. */
const SILENCE = new Set(['ENOTSUP', 'ENODEV', 'ENOENT', 'ENETDOWN']);

/** Bytes of an interface's number as an attribute. */
function indexBytes(index: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(index);
  return bytes;
}

/** All Wi-Fi interfaces of our network namespace with their network and peers. No scan is started: it is told what is known. */
export function* askWifi(socket: NetlinkSocket, gaps: GapSink): Generator<undefined, WifiReading[], undefined> {
  const family = resolveFamily(socket, 'nl80211');
  if (family === null) return [];
  /** What an interface cannot be asked (a monitor has no peers) is empty; other faults are gaps. */
  const ask = <Row>(row: WifiInterface, command: number, decode: (message: NetlinkMessage) => Row | null): Row[] => {
    try {
      return socket.rows(family, genericPayload(command, 0, [[ATTR_IFINDEX, indexBytes(row.index)]]), decode);
    } catch (error) {
      const code = errnoOf(error);
      if (code === undefined) throw error;
      if (!SILENCE.has(code)) gaps.addError(`wifi.${row.device}`, error);
      return [];
    }
  };
  const readings: WifiReading[] = [];
  for (const row of socket.rows(family, genericPayload(GET_INTERFACE, 0), decodeInterface)) {
    const joined = ask(row, GET_SCAN, decodeNetwork)[0];
    yield;
    readings.push({
      ...row,
      frequency: row.frequency ?? joined?.frequency ?? null,
      ssid: joined?.ssid ?? row.ssid,
      ssidHex: joined?.ssidHex ?? row.ssidHex,
      bssid: joined?.bssid ?? null,
      mode: joined?.mode ?? null,
      signal: joined?.signal ?? null,
      stations: ask(row, GET_STATION, decodeStation),
    });
    yield;
  }
  return readings;
}
