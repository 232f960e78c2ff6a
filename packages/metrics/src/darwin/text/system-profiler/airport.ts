import { channelFrequency } from '../../../domain/wifi-channel.ts';
import type { Answer } from '../../../linux/storage/json.ts';
import { decimalOf } from '../decimal.ts';
import { numberOf, wordOf } from './word.ts';

/** A wireless interface. Null: not told, or hidden: names of networks need the user's consent to his location since macOS 14. */
export interface ProfilerWireless {
  /** `en0`. */
  readonly device: string;
  /** Whether it is in a network; null when it does not say. */
  readonly isConnected: boolean | null;
  readonly ssid: string | null;
  readonly bssid: string | null;
  readonly channel: number | null;
  /** Hertz of the middle of the channel of 20 MHz. */
  readonly frequency: number | null;
  /** Hertz of the width. */
  readonly width: number | null;
  /** Strength of the signal and of the noise, dBm. */
  readonly signal: number | null;
  readonly noise: number | null;
  /** Bytes per second that may be sent. */
  readonly transmitRate: number | null;
  /** `802.11ax`. */
  readonly standard: string | null;
  /** `wpa2_personal`. */
  readonly security: string | null;
}

/** `44 (5GHz, 80MHz)`, `6 (2GHz, 20MHz)`, `44`, or the number 44. */
function channelOf(network: Answer): { channel: number | null; frequency: number | null; width: number | null } {
  const plain = network.number('spairport_network_channel');
  const said = network.text('spairport_network_channel') ?? (plain === null ? '' : String(plain));
  const [, number, band, width] = /^(\d{1,3})(?:\s*\(\s*(\d)(?:\.\d)?\s*GHz(?:,\s*(\d+)\s*MHz)?\s*\))?/.exec(said) ?? [];
  if (number === undefined) return { channel: null, frequency: null, width: null };
  return {
    channel: Number(number),
    frequency: channelFrequency(Number(number), band === undefined ? null : Number(band)),
    width: width === undefined ? null : Number(width) * 1e6,
  };
}

/** `-45 dBm / -91 dBm`. */
function strengthsOf(network: Answer): { signal: number | null; noise: number | null } {
  const [, signal, noise] = /^(-?[\d.,]+) dBm(?: \/ (-?[\d.,]+) dBm)?/.exec(network.text('spairport_signal_noise') ?? '') ?? [];
  return { signal: decimalOf(signal) || null, noise: decimalOf(noise) || null };
}

function interfaceOf(row: Answer): ProfilerWireless[] {
  const device = row.text('_name');
  // `awdl0` and `p2p0` are Apple's own ways over the same radio.
  if (device === null || !/^en\d+$/.test(device)) return [];
  const network = row.at('spairport_current_network_information');
  const status = wordOf(row, 'spairport_status_information', 'spairport_status_');
  const megabits = numberOf(network, 'spairport_network_rate');
  return [
    {
      device,
      isConnected: status === null ? network.exists || null : status === 'connected',
      ssid: wordOf(network, '_name'),
      bssid: wordOf(network, 'spairport_network_bssid'),
      ...channelOf(network),
      ...strengthsOf(network),
      transmitRate: megabits === null ? null : (megabits * 1e6) / 8,
      standard: wordOf(network, 'spairport_network_phymode'),
      security: wordOf(network, 'spairport_security_mode', 'spairport_security_mode_'),
    },
  ];
}

/** The part SPAirPortDataType: the interfaces of every card; none on a Mac without Wi-Fi. */
export function wirelessOf(rows: readonly Answer[]): ProfilerWireless[] {
  return rows.flatMap((row) => row.list('spairport_airport_interfaces')).flatMap(interfaceOf);
}
