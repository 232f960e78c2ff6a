import { errnoOf, HecateError } from '@hecate/host';
import type { Host } from '@hecate/host';
import { wifiGroups } from '../domain/wifi.ts';
import type { WifiReading } from '../domain/wifi.ts';
import type { Collector } from '../model/collector.ts';
import { ByteCursor } from '../model/cursor.ts';
import { keepNetFile } from './net-directory.ts';
import { NETLINK_GENERIC, openNetlink } from './netlink/socket.ts';
import type { NetlinkSocket } from './netlink/socket.ts';
import { askWifi } from './nl80211/ask.ts';

/**
 * /proc/net/wireless: two lines of headings, then `wlan0: 0000   54.  -56.  -256 …`: status, quality of the link, signal, noise
 * (kernel: net/wireless/wext-proc.c). A signal that is not negative is in units of the driver's own, so it is not known.
 */
export function parseWireless(cursor: ByteCursor): WifiReading[] {
  const readings: WifiReading[] = [];
  for (cursor.nextLine().nextLine(); !cursor.done; cursor.nextLine()) {
    if (cursor.lineDone) continue;
    const start = cursor.at;
    cursor.skipWords(1);
    const device = cursor.text(start, cursor.at).replace(/:$/, '');
    cursor.skipWords(2);
    const signal = cursor.integer();
    readings.push({
      device,
      index: null,
      phy: null,
      type: null,
      frequency: null,
      transmitPower: null,
      ssid: null,
      ssidHex: null,
      bssid: null,
      mode: null,
      // -256 stands for none.
      signal: signal < 0 && signal > -256 ? signal : null,
      stations: [],
    });
  }
  return readings;
}

/** Whether there is a radio at all; most machines have none, and need not be asked any further. */
function hasRadio(host: Host): boolean {
  try {
    return host.list('/sys/class/ieee80211').length > 0;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return false;
  }
}

/** Wi-Fi interfaces of our own network namespace. Empty where there are none. */
export const wifi: Collector<'wifi', readonly WifiReading[]> = {
  name: 'wifi',
  lane: 'slow',
  sources: ['nl80211', '/proc/net/wireless'],
  remedy: 'More than the signal needs native calls (koffi) and the nl80211 of the kernel.',
  groups: wifiGroups,
  open(host) {
    const file = keepNetFile(host, 'wireless');
    const cursor = new ByteCursor();
    let socket: NetlinkSocket | undefined;
    return {
      *read(gaps) {
        if (host.kind === 'real' && hasRadio(host)) {
          try {
            socket ??= openNetlink(NETLINK_GENERIC);
            return yield* askWifi(socket, gaps);
          } catch (error) {
            if (!(error instanceof HecateError) && errnoOf(error) === undefined) throw error;
            gaps.addError('wifi', error);
          }
        }
        try {
          return parseWireless(cursor.reset(file.read()));
        } catch (error) {
          // Kernels without the old interface have no such file.
          if (errnoOf(error) !== 'ENOENT') throw error;
          return [];
        }
      },
      close() {
        file.close();
        socket?.close();
        socket = undefined;
      },
    };
  },
};
