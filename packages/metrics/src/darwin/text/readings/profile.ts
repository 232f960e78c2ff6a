import { smartVerdict } from '../../../domain/smart.ts';
import type { SmartReading } from '../../../domain/smart.ts';
import type { WifiReading, WifiStation } from '../../../domain/wifi.ts';
import { UNTOLD } from '../../core-wlan/untold.ts';
import type { ProfilerWireless } from '../system-profiler/airport.ts';
import type { ProfilerDrive } from '../system-profiler/storage.ts';

/**
 * Wireless interfaces from system_profiler. Fills `device`, `frequency`, `ssid`, `bssid`, `mode`, `signal`, and the access point as a
 * station with its signal and `transmitRate` where its address is not hidden, and `apple` but for the country. Null stay `index`, `phy`,
 * `transmitPower`.
 */
export function wifiFromProfiler(interfaces: readonly ProfilerWireless[]): WifiReading[] {
  return interfaces.map((one) => {
    const { device, isConnected, frequency, ssid, bssid, signal, transmitRate } = one;
    const station: WifiStation[] = bssid === null ? [] : [{ ...UNTOLD, address: bssid, signal, transmitRate }];
    return {
      ...{ device, index: null, phy: null, type: 'station', frequency, transmitPower: null, ssid },
      ssidHex: ssid === null ? null : Buffer.from(ssid).toString('hex'),
      ...{ bssid, mode: isConnected === true ? 'client' : null, signal, stations: station },
      apple: {
        // A network needs a radio; without one, nobody says whether it is on.
        on: isConnected === true || null,
        ...{ noise: one.noise, transmitRate, channel: one.channel, width: one.width, standard: one.standard },
        ...{ security: one.security?.replaceAll('_', '-') ?? null, country: null },
      },
    } as const;
  });
}

/** Bytes per second of a lane of PCI Express: from the third generation on 128 of 130 bits are data, before 8 of 10. */
const laneSpeed = (rate: number): number => (rate * (rate > 5e9 ? 128 / 130 : 8 / 10)) / 8;

/**
 * Health of NVMe drives from system_profiler. Fills `device`, `model`, `firmware`, `capacity`, `linkSpeed`, `passed` and the verdict
 * on it; null stays all that smartctl tells beyond. `now` is in seconds since the epoch. A drive without a device is left out.
 */
export function smartFromProfiler(drives: readonly ProfilerDrive[], now: number): SmartReading[] {
  return drives.flatMap(({ device, model, firmware, size, passed, lanes, laneRate }) => {
    if (device === null) return [];
    const disk = {
      ...{ device, model, firmware, capacity: size, passed, readAt: now, asleep: false, type: 'nvme', protocol: 'NVMe', status: 0 },
      ...{ family: null, serial: null, ataVersion: null, sataVersion: null, formFactor: null, additionalProduct: null },
      ...{ scsiVendor: null, scsiProduct: null, scsiRevision: null, scsiVersion: null },
      ...{ blocks: null, logicalBlock: null, physicalBlock: null, rotationRate: 0, linkSpeedMaximum: null },
      linkSpeed: lanes === null || laneRate === null ? null : lanes * laneSpeed(laneRate),
      ...{ temperature: null, temperatureLimit: null, powerOnTime: null, powerCycles: null, readBytes: null, writtenBytes: null },
      ...{ lifeUsed: null, loggedErrors: null, failedSelfTests: null, attributes: [], statistics: [], nvme: null, scsi: null },
    };
    return { ...disk, ...smartVerdict(disk) };
  });
}
