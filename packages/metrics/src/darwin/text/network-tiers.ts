import type { ProtocolsReading } from '../../domain/protocols.ts';
import type { RouteReading } from '../../domain/routes.ts';
import type { WifiReading } from '../../domain/wifi.ts';
import type { SecondTier } from '../fallback.ts';
import { openLongCounters } from '../network/long-counter.ts';
import { lacks } from '../reader.ts';
import { readNetstatRoutes } from './netstat-routes.ts';
import { readNetstatTcp } from './netstat-tcp.ts';
import { wifiFromProfiler } from './readings/profile.ts';
import { protocolsFromNetstat } from './readings/protocols.ts';
import { readSystemProfiler } from './system-profiler.ts';
import { untold } from './untold.ts';

/** Counters of TCP, of netstat(1), for root; made anew for each reader, as it makes counters of 32 bits go on. */
export function protocolsTier(): SecondTier<ProtocolsReading> {
  const long = openLongCounters();
  return {
    programs: 'netstat',
    async read(host, gaps) {
      const reading = protocolsFromNetstat(await readNetstatTcp(host), long);
      const { tcp, published: _, ...others } = reading;
      untold(gaps, 'protocols.tcp', { ...tcp }, 'netstat');
      lacks(
        gaps,
        Object.keys(others).map((part) => `protocols.${part}`),
        'netstat is asked for TCP alone.',
      );
      return reading;
    },
  };
}

/** Wi-Fi, of system_profiler(8): it takes seconds and looks for networks around, so it is asked every ten minutes. */
export const wifiTier: SecondTier<readonly WifiReading[]> = {
  programs: 'system_profiler',
  lane: 'rare',
  async read(host, gaps) {
    const { wireless } = await readSystemProfiler(host, ['SPAirPortDataType']);
    const readings = wifiFromProfiler(wireless);
    for (const { apple, stations, ...reading } of readings) {
      const { ssid, ssidHex, bssid, ...open } = reading;
      untold(gaps, 'wifi', open, 'system_profiler');
      untold(gaps, 'wifi.apple', { ...apple }, 'system_profiler');
      for (const station of stations) untold(gaps, 'wifi.stations', { ...station }, 'system_profiler');
      if (reading.mode === null) continue;
      for (const [name, value] of Object.entries({ ssid, ssidHex, bssid }))
        if (value === null) gaps.add(`wifi.${name}`, 'permission', 'macOS hides names of networks from system_profiler.');
    }
    return readings;
  },
};

/** Default routes, of netstat(1). */
export const routesTier: SecondTier<readonly RouteReading[]> = {
  programs: 'netstat',
  async read(host, gaps) {
    lacks(gaps, ['routes.metric'], 'macOS orders its networks itself and has one default route of each family.');
    return readNetstatRoutes(host);
  },
};
