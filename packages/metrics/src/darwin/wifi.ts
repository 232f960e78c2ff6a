import { channelFrequency } from '../domain/wifi-channel.ts';
import { wifiGroups } from '../domain/wifi.ts';
import type { AppleWifi, WifiReading, WifiStation } from '../domain/wifi.ts';
import type { Collector } from '../model/collector.ts';
import { withPrograms } from './fallback.ts';
import type { GapSink } from '../model/gap.ts';
import type { Darwin } from './binding/darwin.ts';
import { readCfValue } from './core-foundation/value.ts';
import { channelOf, mapWlanInterfaces } from './core-wlan/interfaces.ts';
import type { Wlan } from './core-wlan/interfaces.ts';
import { BANDS, MODES, SECURITIES, STANDARDS, WIDTHS } from './core-wlan/names.ts';
import { UNTOLD } from './core-wlan/untold.ts';
import { ask, lacks, openReader } from './reader.ts';
import { wifiTier } from './text/network-tiers.ts';

const MEGABIT = 1e6 / 8;

/** 0 stands for what it does not know, or has not now. */
const knownOf = (value: number | null): number | null => value || null;

/** One interface, asked for one thing after the other: what is refused is null and has a gap of its own. */
function readerOf(darwin: Darwin, wlan: Wlan<'CWInterface'>, gaps: GapSink) {
  const field = (name: string): string => `wifi.${name}`;
  const object = (name: string, address: () => bigint): ReturnType<typeof readCfValue> =>
    ask(gaps, field(name), () => readCfValue(darwin, address()));
  return {
    integer: (name: string, read: () => number): number | null => ask(gaps, field(name), read),
    boolean: (name: string, read: () => boolean): boolean | null => ask(gaps, field(name), read),
    text(name: string, read: () => bigint): string | null {
      const value = object(name, read);
      return typeof value === 'string' && value !== '' ? value : null;
    },
    bytes(name: string, read: () => bigint): Buffer | null {
      const value = object(name, read);
      return Buffer.isBuffer(value) && value.length > 0 ? value : null;
    },
    channel: (): Pick<WifiReading, 'frequency'> & Pick<AppleWifi, 'channel' | 'width'> =>
      ask(gaps, ['wifi.frequency', 'wifi.apple.channel', 'wifi.apple.width'], () => {
        const channel = channelOf(darwin, wlan);
        const number = channel && knownOf(channel.send('channelNumber'));
        if (!channel || number === null) return null;
        const band = BANDS[channel.send('channelBand')] ?? null;
        return { frequency: channelFrequency(number, band), channel: number, width: WIDTHS[channel.send('channelWidth')] ?? null };
      }) ?? { frequency: null, channel: null, width: null },
  };
}

function readingOf(darwin: Darwin, wlan: Wlan<'CWInterface'>, gaps: GapSink): WifiReading | null {
  const read = readerOf(darwin, wlan, gaps);
  const device = read.text('device', () => wlan.send('interfaceName'));
  if (device === null) return null;
  const on = read.boolean('apple.on', () => wlan.send('powerOn'));
  const signal = knownOf(read.integer('signal', () => wlan.send('rssiValue')));
  const milliwatts = knownOf(read.integer('transmitPower', () => wlan.send('transmitPower')));
  const megabits = knownOf(read.integer('apple.transmitRate', () => wlan.send('transmitRate')));
  const standard = read.integer('apple.standard', () => wlan.send('activePHYMode'));
  const mode = read.integer('type', () => wlan.send('interfaceMode'));
  const security = read.integer('apple.security', () => wlan.send('security'));
  const ssid = read.bytes('ssid', () => wlan.send('ssidData'));
  const bssid = read.text('bssid', () => wlan.send('bssid'));
  const { frequency, channel, width } = read.channel();
  const type = (mode === null ? undefined : MODES[mode]) ?? null;
  const transmitRate = megabits === null ? null : megabits * MEGABIT;
  const secured = security === null ? null : (SECURITIES[security] ?? null);
  const named: Readonly<Record<string, unknown>> = { ssid, ssidHex: ssid, bssid, 'apple.security': secured };
  for (const [hidden, value] of Object.entries(named))
    if (signal !== null && value === null)
      gaps.add(
        `wifi.${hidden}`,
        'permission',
        'macOS names networks to programs only that may know where the Mac is: allow it for the terminal under Location Services.',
      );
  const station: WifiStation[] = bssid === null ? [] : [{ ...UNTOLD, address: bssid, signal, transmitRate }];
  return {
    ...{ device, index: null, phy: null, type, frequency },
    transmitPower: milliwatts === null ? null : 10 * Math.log10(milliwatts),
    ssid: ssid && ssid.toString('utf8'),
    ssidHex: ssid && ssid.toString('hex'),
    bssid,
    mode: signal === null ? null : type === 'ad-hoc' ? 'ad-hoc' : 'client',
    signal,
    stations: station,
    apple: {
      on,
      noise: knownOf(read.integer('apple.noise', () => wlan.send('noiseMeasurement'))),
      ...{ transmitRate, channel, width },
      standard: (standard === null ? undefined : STANDARDS[standard]) ?? null,
      security: signal === null ? null : secured,
      country: read.text('apple.country', () => wlan.send('countryCode')),
    },
  };
}

/** Wi-Fi interfaces and the network that each is in. Empty on a Mac without Wi-Fi. */
export const wifi: Collector<'wifi', readonly WifiReading[]> = {
  name: 'wifi',
  lane: 'slow',
  sources: ['CoreWLAN CWWiFiClient', 'else system_profiler(8), every ten minutes'],
  permission: 'Names of networks are for programs that may know where the Mac is.',
  remedy: 'Allow Location Services for the terminal, under System Settings, Privacy & Security, to have the names of networks.',
  groups: wifiGroups,
  open: (machine) =>
    withPrograms(
      machine,
      openReader(machine, (darwin) => (gaps) => {
        lacks(gaps, ['wifi.index', 'wifi.phy', ...Object.keys(UNTOLD).map((name) => `wifi.stations.${name}`)], 'macOS does not tell this.');
        return mapWlanInterfaces(darwin, (wlan) => readingOf(darwin, wlan, gaps)).filter((reading) => reading !== null);
      }),
      wifiTier,
    ),
};
