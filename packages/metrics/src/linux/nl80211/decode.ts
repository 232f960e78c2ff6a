import type { WifiReading, WifiStation } from '../../domain/wifi.ts';
import { GENERIC_HEADER } from '../netlink/generic.ts';
import { attributeNumber, attributeText, listAttributes, parseAttributes } from '../netlink/message.ts';
import type { Attributes, NetlinkMessage } from '../netlink/message.ts';

/** Attributes of a message, of a station, of a rate and of a network (linux/nl80211.h). */
const ATTR = { phy: 1, index: 3, name: 4, type: 5, mac: 6, station: 21, frequency: 38, network: 47, ssid: 52, transmitPower: 98 } as const;
const STATION = {
  inactive: 1,
  receiveBytes: 2,
  transmitBytes: 3,
  signal: 7,
  transmitRate: 8,
  receivePackets: 9,
  transmitPackets: 10,
  transmitRetries: 11,
  transmitFailures: 12,
  signalAverage: 13,
  receiveRate: 14,
  connected: 16,
  beaconLosses: 18,
  receiveBytes64: 23,
  transmitBytes64: 24,
} as const;
const RATE = { short: 1, long: 5 } as const;
const NETWORK = { bssid: 1, frequency: 2, elements: 6, signal: 7, status: 9, beaconElements: 11 } as const;

/** NL80211_IFTYPE_*. */
const TYPES = [
  'unspecified',
  'ad-hoc',
  'station',
  'ap',
  'ap-vlan',
  'wds',
  'monitor',
  'mesh',
  'p2p-client',
  'p2p-go',
  'p2p-device',
  'ocb',
  'nan',
] as const;

/** NL80211_BSS_STATUS_*: authenticated, associated, joined. */
const MODES = ['client', 'client', 'ad-hoc'] as const;

/** The element of a beacon that holds the network's name (IEEE 802.11, 9.4.2.2). */
const SSID_ELEMENT = 0;

const NOTHING: Attributes = new Map();

/** A hardware address as text, or null when it is none. */
function formatMac(bytes: Buffer | undefined): string | null {
  return bytes?.length === 6 ? Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(':') : null;
}

/** A network's name as text and as its bytes; a hidden one has no bytes, or zeros, and no name. */
function decodeSsid(bytes: Buffer | undefined): Pick<WifiReading, 'ssid' | 'ssidHex'> {
  if (!bytes || bytes.every((byte) => byte === 0)) return { ssid: null, ssidHex: null };
  return { ssid: bytes.toString('utf8'), ssidHex: bytes.toString('hex') };
}

/** What an interface is, before it is known to which network it belongs. */
export interface WifiInterface extends Omit<WifiReading, 'bssid' | 'mode' | 'signal' | 'stations'> {
  readonly index: number;
}

/** An answer to NL80211_CMD_GET_INTERFACE; null for devices without a name, which carry no traffic. */
export function decodeInterface({ payload }: NetlinkMessage): WifiInterface | null {
  const attributes = parseAttributes(payload, GENERIC_HEADER);
  const device = attributeText(attributes.get(ATTR.name));
  const index = attributeNumber(attributes.get(ATTR.index));
  if (!device || index === null) return null;
  const type = attributeNumber(attributes.get(ATTR.type));
  const megahertz = attributeNumber(attributes.get(ATTR.frequency));
  const power = attributes.get(ATTR.transmitPower);
  return {
    device,
    index,
    phy: attributeNumber(attributes.get(ATTR.phy)),
    type: type === null ? null : (TYPES[type] ?? String(type)),
    frequency: megahertz === null || megahertz === 0 ? null : megahertz * 1e6,
    // Hundredths of a dBm, with sign.
    transmitPower: power?.length === 4 ? power.readInt32LE(0) / 100 : null,
    ...decodeSsid(attributes.get(ATTR.ssid)),
  };
}

/** The network that an interface belongs to. */
export type JoinedNetwork = Pick<WifiReading, 'bssid' | 'mode' | 'signal' | 'ssid' | 'ssidHex' | 'frequency'>;

/** The bytes of one element of a beacon: `u8 id, u8 length`, bytes. */
function findElement(elements: Buffer, wanted: number): Buffer | undefined {
  for (let at = 0; at + 2 <= elements.length; at += 2 + elements[at + 1]!) {
    const end = at + 2 + elements[at + 1]!;
    if (elements[at] === wanted) return end <= elements.length ? elements.subarray(at + 2, end) : undefined;
  }
  return undefined;
}

/** An answer to NL80211_CMD_GET_SCAN; null for networks that were only heard, not joined. */
export function decodeNetwork({ payload }: NetlinkMessage): JoinedNetwork | null {
  const nested = parseAttributes(payload, GENERIC_HEADER).get(ATTR.network);
  const network = nested ? parseAttributes(nested) : NOTHING;
  const status = attributeNumber(network.get(NETWORK.status));
  const mode = status === null ? undefined : MODES[status];
  if (mode === undefined) return null;
  const signal = network.get(NETWORK.signal);
  const megahertz = attributeNumber(network.get(NETWORK.frequency));
  const elements = network.get(NETWORK.elements) ?? network.get(NETWORK.beaconElements);
  return {
    bssid: formatMac(network.get(NETWORK.bssid)),
    mode,
    signal: signal?.length === 4 ? signal.readInt32LE(0) / 100 : null,
    frequency: megahertz === null || megahertz === 0 ? null : megahertz * 1e6,
    ...decodeSsid(elements && findElement(elements, SSID_ELEMENT)),
  };
}

/** Bytes per second of NL80211_RATE_INFO_*, which counts 100 kbit/s; 32 bits where 16 are too few. */
function decodeRate(nested: Buffer | undefined): number | null {
  if (!nested) return null;
  const rate = parseAttributes(nested);
  const value = attributeNumber(rate.get(RATE.long)) ?? attributeNumber(rate.get(RATE.short));
  return value === null || value === 0 ? null : (value * 100_000) / 8;
}

/** An answer to NL80211_CMD_GET_STATION; null when it is of nobody. */
export function decodeStation({ payload }: NetlinkMessage): WifiStation | null {
  const attributes = parseAttributes(payload, GENERIC_HEADER);
  const address = formatMac(attributes.get(ATTR.mac));
  const nested = attributes.get(ATTR.station);
  if (address === null || !nested) return null;
  const info = new Map(listAttributes(nested));
  const number = (type: number): number | null => attributeNumber(info.get(type));
  const decibels = (type: number): number | null => (info.get(type)?.length === 1 ? info.get(type)!.readInt8(0) : null);
  const milliseconds = number(STATION.inactive);
  return {
    address,
    signal: decibels(STATION.signal),
    signalAverage: decibels(STATION.signalAverage),
    receiveRate: decodeRate(info.get(STATION.receiveRate)),
    transmitRate: decodeRate(info.get(STATION.transmitRate)),
    receiveBytes: number(STATION.receiveBytes64) ?? number(STATION.receiveBytes),
    transmitBytes: number(STATION.transmitBytes64) ?? number(STATION.transmitBytes),
    receivePackets: number(STATION.receivePackets),
    transmitPackets: number(STATION.transmitPackets),
    transmitRetries: number(STATION.transmitRetries),
    transmitFailures: number(STATION.transmitFailures),
    beaconLosses: number(STATION.beaconLosses),
    connected: number(STATION.connected),
    inactive: milliseconds === null ? null : milliseconds / 1000,
  };
}
