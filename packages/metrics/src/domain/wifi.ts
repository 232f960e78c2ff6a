import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';

/** A peer of a Wi-Fi interface: its access point, or a client of ours. Null: the driver does not say. */
export interface WifiStation {
  /** Hardware address of the peer. */
  readonly address: string;
  /** Strength at which the peer was heard last, dBm. */
  readonly signal: number | null;
  /** The same as an average, dBm. */
  readonly signalAverage: number | null;
  /** Speed at which the peer sent last, bytes per second. */
  readonly receiveRate: number | null;
  /** Speed at which we send to it, bytes per second. */
  readonly transmitRate: number | null;
  readonly receiveBytes: number | null;
  readonly transmitBytes: number | null;
  readonly receivePackets: number | null;
  readonly transmitPackets: number | null;
  /** How often a packet had to be sent again. */
  readonly transmitRetries: number | null;
  /** Packets that did not arrive after all retries. */
  readonly transmitFailures: number | null;
  /** How often beacons of the access point stayed away. */
  readonly beaconLosses: number | null;
  /** Seconds since it joined. */
  readonly connected: number | null;
  /** Seconds since anything was heard of it. */
  readonly inactive: number | null;
}

/** A Wi-Fi interface (kernel: linux/nl80211.h). Null: not connected, or the driver does not say. */
export interface WifiReading {
  readonly device: string;
  /** The kernel's number of the interface; null where only files could be read. */
  readonly index: number | null;
  /** Number of the radio; several interfaces may share one. */
  readonly phy: number | null;
  /** `station`, `ap`, `ad-hoc`, `monitor`, `mesh`, …; null where only files could be read. */
  readonly type: string | null;
  /** Hertz of the channel. */
  readonly frequency: number | null;
  /** Strength at which it sends, dBm. */
  readonly transmitPower: number | null;
  /** Name of the network as text: names are arbitrary bytes, and what is no UTF-8 is replaced. */
  readonly ssid: string | null;
  /** The same bytes, hexadecimal. */
  readonly ssidHex: string | null;
  /** Hardware address of the access point. */
  readonly bssid: string | null;
  /** `client` of an access point, or `ad-hoc`. */
  readonly mode: 'client' | 'ad-hoc' | null;
  /** Strength at which the access point is heard, dBm. */
  readonly signal: number | null;
  readonly stations: readonly WifiStation[];
  /** What macOS tells beside; absent on other systems. */
  readonly apple?: AppleWifi;
}

/** What macOS tells of a Wi-Fi interface beside what others tell, whether or not it names the network. */
export interface AppleWifi {
  /** Whether the radio is on. */
  readonly on: boolean | null;
  /** Strength of the noise, dBm. */
  readonly noise: number | null;
  /** Speed of sending, bytes per second. */
  readonly transmitRate: number | null;
  /** Number of the channel in its band. */
  readonly channel: number | null;
  /** Hertz of the channel's width. */
  readonly width: number | null;
  /** `802.11ax`. */
  readonly standard: string | null;
  /** `none`, `wpa2-personal`, … of the network. */
  readonly security: string | null;
  /** Two letters: by its rules it sends. */
  readonly country: string | null;
}

type AppleRow = AppleWifi & { readonly device: string };
type StationRow = WifiStation & { readonly device: string };

/** Prometheus has no base unit here: node_exporter says bits. */
const bits = (rate: number | null): number | null => (rate === null ? null : rate * 8);

const UNSAID = 'the driver does not say';
const station = (
  key: keyof WifiStation & string,
  kind: 'counter' | 'gauge',
  unit: Field<StationRow>['unit'],
  name: string,
  help: string,
  value?: (row: StationRow) => number | null,
): Field<StationRow> => ({
  key,
  kind,
  unit,
  help,
  nullWhen: UNSAID,
  prometheus: { name: name.startsWith('hecate_') ? name : `node_wifi_station_${name}`, ...(value ? { value } : {}) },
});

/** Fields of the `wifi` collector. */
export const wifiGroups = (): readonly Group<readonly WifiReading[]>[] => [
  group<readonly WifiReading[], WifiReading>({
    name: 'wifi',
    source: 'nl80211, /proc/net/wireless',
    rows: (reading) => reading,
    labels: { device: 'device' },
    fields: [
      {
        key: 'frequency',
        kind: 'gauge',
        unit: 'hertz',
        help: 'Frequency of the channel.',
        nullWhen: 'it has no channel',
        prometheus: { name: 'node_wifi_interface_frequency_hertz' },
      },
      {
        key: 'signal',
        kind: 'gauge',
        unit: 'dBm',
        help: 'Strength at which the access point is heard.',
        nullWhen: 'it is not connected',
        prometheus: { name: 'hecate_wifi_signal_dbm' },
      },
      {
        key: 'transmitPower',
        kind: 'gauge',
        unit: 'dBm',
        help: 'Strength at which it sends.',
        nullWhen: UNSAID,
        prometheus: { name: 'hecate_wifi_transmit_power_dbm' },
      },
      {
        key: 'type',
        kind: 'info',
        unit: 'none',
        help: 'What it is: station, ap, monitor and others.',
        nullWhen: 'only files could be read',
      },
      { key: 'ssid', kind: 'info', unit: 'none', help: 'Name of the network.', nullWhen: 'it is not connected' },
    ],
  }),
  group<readonly WifiReading[], WifiReading>({
    name: 'wifi.network',
    json: 'wifi[]',
    source: 'nl80211',
    rows: (reading) => reading.filter((row) => row.bssid !== null && row.mode !== null),
    labels: { device: 'device' },
    fields: [
      {
        key: 'bssid',
        kind: 'info',
        unit: 'none',
        help: 'Hardware address of the access point.',
        nullWhen: 'it is not connected',
        prometheus: {
          name: 'node_wifi_station_info',
          help: 'The network that the interface is part of.',
          value: () => 1,
          properties: { bssid: 'bssid', ssid: 'ssid', mode: 'mode' },
        },
      },
    ],
  }),
  group<readonly WifiReading[], StationRow>({
    name: 'wifi.stations',
    json: 'wifi[].stations[]',
    source: 'nl80211',
    rows: (reading) => reading.flatMap(({ device, stations }) => stations.map((row) => ({ ...row, device }))),
    labels: { device: 'device', mac_address: 'address' },
    fields: [
      station('signal', 'gauge', 'dBm', 'signal_dbm', 'Strength at which the peer was heard last.'),
      station('signalAverage', 'gauge', 'dBm', 'hecate_wifi_station_signal_average_dbm', 'Average strength at which the peer is heard.'),
      station('receiveRate', 'gauge', 'bytes/second', 'receive_bits_per_second', 'Speed at which the peer sent last.', (row) =>
        bits(row.receiveRate),
      ),
      station('transmitRate', 'gauge', 'bytes/second', 'transmit_bits_per_second', 'Speed of sending to the peer.', (row) =>
        bits(row.transmitRate),
      ),
      station('receiveBytes', 'counter', 'bytes', 'receive_bytes_total', 'Bytes received from the peer.'),
      station('transmitBytes', 'counter', 'bytes', 'transmit_bytes_total', 'Bytes sent to the peer.'),
      station('receivePackets', 'counter', 'count', 'received_packets_total', 'Packets received from the peer.'),
      station('transmitPackets', 'counter', 'count', 'transmitted_packets_total', 'Packets sent to the peer.'),
      station('transmitRetries', 'counter', 'count', 'transmit_retries_total', 'How often a packet had to be sent again.'),
      station('transmitFailures', 'counter', 'count', 'transmit_failed_total', 'Packets that did not arrive after all retries.'),
      station('beaconLosses', 'counter', 'count', 'beacon_loss_total', 'How often beacons of the access point stayed away.'),
      station('connected', 'counter', 'seconds', 'connected_seconds_total', 'Time since the peer joined.'),
      station('inactive', 'gauge', 'seconds', 'inactive_seconds', 'Time since anything was heard of the peer.'),
    ],
  }),
  group<readonly WifiReading[], AppleRow>({
    name: 'wifi.apple',
    json: 'wifi[].apple',
    source: 'CoreWLAN',
    rows: (reading) => reading.flatMap(({ device, apple }) => (apple ? [{ ...apple, device }] : [])),
    labels: { device: 'device' },
    fields: [
      {
        key: 'noise',
        kind: 'gauge',
        unit: 'dBm',
        help: 'Strength of the noise (macOS).',
        nullWhen: 'it is not connected',
        prometheus: { name: 'hecate_wifi_noise_dbm' },
      },
      {
        key: 'transmitRate',
        kind: 'gauge',
        unit: 'bytes/second',
        help: 'Speed of sending (macOS).',
        nullWhen: 'it is not connected',
        prometheus: { name: 'hecate_wifi_transmit_bytes_per_second' },
      },
      {
        key: 'width',
        kind: 'gauge',
        unit: 'hertz',
        help: 'Width of the channel (macOS).',
        nullWhen: 'it has no channel',
        prometheus: { name: 'hecate_wifi_channel_width_hertz' },
      },
      {
        key: 'on',
        kind: 'info',
        unit: 'none',
        help: 'Whether the radio is on (macOS).',
        nullWhen: 'it does not say',
        prometheus: {
          name: 'hecate_wifi_info',
          help: 'Standard, security and country of each Wi-Fi interface (macOS).',
          value: () => 1,
          properties: { standard: 'standard', security: 'security', country: 'country' },
        },
      },
      { key: 'channel', kind: 'info', unit: 'none', help: 'Number of the channel (macOS).', nullWhen: 'it has no channel' },
      { key: 'standard', kind: 'info', unit: 'none', help: 'Standard by which it talks (macOS).', nullWhen: 'it is not connected' },
      { key: 'security', kind: 'info', unit: 'none', help: 'How the network is secured (macOS).', nullWhen: 'it is not connected' },
      { key: 'country', kind: 'info', unit: 'none', help: 'Country by whose rules it sends (macOS).', nullWhen: 'it does not say' },
    ],
  }),
];
